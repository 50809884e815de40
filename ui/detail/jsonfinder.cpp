#include "detail/jsonfinder.h"

#include "base/background.h"
#include "detail/jsontreeview.h"
#include "detail/largetextview.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QShortcut>
#include <QToolButton>

namespace {

QToolButton *arrowButton(Qt::ArrowType arrow, const QString &name, const QString &keys)
{
    auto *button = new QToolButton;
    button->setArrowType(arrow);
    button->setAutoRaise(true);
    button->setAccessibleName(name);
    button->setToolTip(JsonFinder::tr("%1 (%2)").arg(name, keys));
    return button;
}

} // namespace

JsonFinder::JsonFinder(JsonTreeView &tree, LargeTextView &text, QWidget *parent)
    : QWidget(parent)
    , m_tree(tree)
    , m_text(text)
    , m_edit(new QLineEdit(this))
    , m_status(new QLabel(this))
{
    m_edit->setPlaceholderText(tr("Find"));
    m_edit->setAccessibleName(tr("Find in this document"));
    m_edit->setClearButtonEnabled(true);
    m_edit->setMaximumWidth(240);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setMinimumWidth(m_status->fontMetrics().averageCharWidth() * 14);
    auto *previous = arrowButton(Qt::UpArrow, tr("Previous match"), tr("Shift+F3"));
    auto *next = arrowButton(Qt::DownArrow, tr("Next match"), tr("F3"));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(4);
    row->addWidget(m_edit, 1);
    row->addWidget(previous);
    row->addWidget(next);
    row->addWidget(m_status);

    connect(m_edit, &QLineEdit::textChanged, this, [this] { start(true); });
    connect(previous, &QToolButton::clicked, this, &JsonFinder::findPrevious);
    connect(next, &QToolButton::clicked, this, &JsonFinder::findNext);
    QWidget *scope = parent ? parent : this;
    auto *forward = new QShortcut(QKeySequence(Qt::Key_F3), scope);
    auto *back = new QShortcut(QKeySequence(Qt::SHIFT | Qt::Key_F3), scope);
    forward->setContext(Qt::WidgetWithChildrenShortcut);
    back->setContext(Qt::WidgetWithChildrenShortcut);
    connect(forward, &QShortcut::activated, this, &JsonFinder::findNext);
    connect(back, &QShortcut::activated, this, &JsonFinder::findPrevious);
}

JsonFinder::~JsonFinder()
{
    if (m_stop)
        *m_stop = true;
}

void JsonFinder::refresh(Target target)
{
    m_target = target;
    start(false);
}

void JsonFinder::start(bool goThere)
{
    if (m_stop)
        *m_stop = true;
    m_stop.reset();
    m_matches.clear();
    m_current = -1;
    const QString needle = m_edit->text();
    m_textMatches = m_target == Target::Text ? m_text.countText(needle) : 0;
    if (m_target == Target::Text && goThere && m_textMatches > 0)
        m_text.findFromHere(needle);
    const auto json = m_tree.jsonModel().json();
    if (m_target == Target::Tree && json && !needle.isEmpty()) {
        const auto stop = std::make_shared<std::atomic_bool>(false);
        m_stop = stop;
        Background::run(
            this, [json, needle, stop] { return json->find(needle, maxMatches, *stop); },
            [this, stop, goThere](QList<quint32> found) {
                if (m_stop != stop)
                    return;
                m_stop.reset();
                m_matches = std::move(found);
                if (goThere)
                    step(1);
                showStatus();
            });
    }
    showStatus();
}

void JsonFinder::findNext()
{
    step(1);
}

void JsonFinder::findPrevious()
{
    step(-1);
}

void JsonFinder::step(int by)
{
    if (m_target == Target::Text) {
        m_text.findText(m_edit->text(), by < 0);
        return;
    }
    if (m_matches.isEmpty())
        return;
    const qsizetype count = m_matches.size();
    m_current = m_current < 0 && by < 0 ? count - 1 : (m_current + by + count) % count;
    m_tree.showValue(m_matches[m_current]);
    showStatus();
}

QString JsonFinder::status() const
{
    return m_status->text();
}

void JsonFinder::showStatus()
{
    const QLocale locale;
    const qsizetype count = m_target == Target::Text ? m_textMatches : m_matches.size();
    QString text;
    if (m_edit->text().isEmpty())
        text.clear();
    else if (m_stop)
        text = tr("Searching…");
    else if (count == 0)
        text = tr("No match");
    else if (m_target == Target::Text || m_current < 0)
        text = tr("%1 found").arg(locale.toString(count));
    else if (count == maxMatches)
        text = tr("%1 of more than %2").arg(locale.toString(m_current + 1), locale.toString(count));
    else
        text = tr("%1 of %2").arg(locale.toString(m_current + 1), locale.toString(count));
    m_status->setText(text);
}

void JsonFinder::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter)
        return QWidget::keyPressEvent(event);
    step(event->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
}
