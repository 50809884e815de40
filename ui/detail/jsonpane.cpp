#include "detail/jsonpane.h"

#include "base/background.h"
#include "detail/elidedlabel.h"
#include "detail/jsonfinder.h"
#include "detail/jsonformat.h"
#include "detail/jsontreeview.h"
#include "detail/largetextview.h"
#include "detail/savefile.h"
#include "detail/secretbanner.h"
#include "detail/secretgate.h"
#include "task/jsonmember.h"
#include "task/secretrule.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <optional>

namespace {

/// The part of the source's document, masked or as it came; absent if there is no such member.
/// The view is into `document`.
std::optional<QByteArrayView> partOf(const JsonSource &source, bool masks, QByteArray &document)
{
    document = source.document.whole();
    if (masks)
        document = maskSecretsBy(source.rule, document, source.action);
    if (source.isHead)
        document = JsonText::closed(document);
    if (!source.member.isEmpty())
        return topLevelMember(document, source.member);
    return document;
}

std::shared_ptr<const JsonIndex> read(const JsonSource &source, bool masks,
                                      const std::shared_ptr<const JsonIndex> &before)
{
    QByteArray document;
    const auto part = partOf(source, masks, document);
    if (!part)
        return nullptr;
    if (before && before->bytes() == *part)
        return before;
    return Background::makeShared<JsonIndex>(document, *part);
}

PlainText::Excerpt textOf(const JsonIndex &json, bool isFormatted)
{
    if (!isFormatted)
        return PlainText::excerpt(json.bytes());
    const QByteArray text = formattedJson(json.bytes(), PlainText::Excerpt::maxBytes + 1);
    return PlainText::excerpt(text);
}

} // namespace

JsonPane::JsonPane(SecretGate &gate, QWidget *parent)
    : QWidget(parent)
    , m_gate(gate)
    , m_banner(new SecretBanner(gate, this))
    , m_stack(new QStackedWidget(this))
    , m_message(new QLabel(this))
    , m_tree(new JsonTreeView(this))
    , m_text(new LargeTextView(this))
    , m_note(new ElidedLabel(this))
{
    m_tree->setAccessibleName(tr("Document as a tree"));
    m_text->setAccessibleName(tr("Document as text"));
    m_message->setTextFormat(Qt::PlainText);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setForegroundRole(QPalette::PlaceholderText);
    for (QWidget *page : {static_cast<QWidget *>(m_message), static_cast<QWidget *>(m_tree),
                          static_cast<QWidget *>(m_text)})
        m_stack->addWidget(page);
    m_note->setContentsMargins(8, 0, 8, 4);
    m_note->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    m_tools = makeToolRow();
    column->addWidget(m_tools);
    column->addWidget(m_banner);
    column->addWidget(m_note);
    column->addWidget(m_stack, 1);

    connect(m_tree, &JsonTreeView::copyRequested, &m_gate, &SecretGate::copy);
    connect(m_text, &LargeTextView::copied, &m_gate, &SecretGate::noteCopied);
    connect(&m_gate, &SecretGate::changed, this, &JsonPane::followGate);
    setEmpty({});
}

QWidget *JsonPane::makeToolRow()
{
    auto *tools = new QWidget(this);
    m_finder = new JsonFinder(*m_tree, *m_text, this);
    m_views = new QComboBox(tools);
    m_views->addItems({tr("Tree"), tr("Formatted text"), tr("Original text")});
    auto *label = new QLabel(tr("&View:"), tools);
    label->setBuddy(m_views);
    label->setTextFormat(Qt::PlainText);
    m_views->setAccessibleName(tr("View"));
    m_save = new QPushButton(tr("Save as…"), tools);
    m_save->setAccessibleName(tr("Save as…"));

    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    row->addWidget(m_finder, 1);
    row->addStretch(1);
    row->addWidget(label);
    row->addWidget(m_views);
    row->addWidget(m_save);
    connect(m_views, &QComboBox::currentIndexChanged, this, &JsonPane::showView);
    connect(m_save, &QPushButton::clicked, this, &JsonPane::askWhereToSave);
    return tools;
}

bool JsonPane::isReady() const
{
    return m_isLoaded;
}

QString JsonPane::note() const
{
    return m_note->text();
}

void JsonPane::setView(View view)
{
    m_views->setCurrentIndex(view);
}

void JsonPane::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void JsonPane::setEmpty(const QString &text)
{
    ++m_ticket;
    m_hasSource = false;
    m_banner->setHasContent(false);
    m_isLoaded = false;
    m_rewinds = true;
    m_source = {};
    m_masked.reset();
    present(nullptr);
    m_message->setText(text);
}

void JsonPane::setSource(const JsonSource &source, bool rewind)
{
    if (m_hasSource && !rewind && source.isSameAs(m_source))
        return;
    if (rewind || source.isSecret != m_source.isSecret) {
        setEmpty(tr("Reading…"));
        m_text->setContent({});
    }
    m_source = source;
    m_hasSource = true;
    m_banner->setHasContent(source.isSecret);
    m_isLoaded = false;
    m_masked.reset();
    m_save->setToolTip(source.isSecret || source.rule == SecretRule::ShowAll
                           ? tr("Secrets are masked in the file, too")
                           : tr("Saves the bytes as the server sent them"));
    if (isVisible())
        load();
}

void JsonPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_hasSource && !m_isLoaded)
        load();
}

void JsonPane::load()
{
    const bool masks = m_source.isSecret && m_gate.masks();
    Background::run(
        this, [source = m_source, masks, before = m_json] { return read(source, masks, before); },
        [this, masks, ticket = ++m_ticket](const std::shared_ptr<const JsonIndex> &json) {
            if (ticket != m_ticket)
                return;
            m_isLoaded = true;
            if (masks)
                m_masked = json;
            if (!json)
                m_message->setText(tr("The reply that was kept does not hold it."));
            present(json);
        });
}

void JsonPane::followGate()
{
    if (!m_hasSource || !m_source.isSecret)
        return;
    ++m_ticket;
    m_isLoaded = m_gate.masks() && m_masked;
    if (m_gate.masks()) {
        // At once, not when the pool has time for it.
        m_text->setContent({});
        present(m_masked);
    }
    if (!m_isLoaded && isVisible())
        load();
}

void JsonPane::present(const std::shared_ptr<const JsonIndex> &json)
{
    m_json = json;
    m_tree->setJson(json && json->isValid() ? json : nullptr, m_rewinds);
    m_tools->setEnabled(json != nullptr);
    showView();
    if (json)
        m_rewinds = false;
    Q_EMIT presented();
}

void JsonPane::showView()
{
    setNote(m_json ? headNote() : QString());
    if (!m_json) {
        m_stack->setCurrentWidget(m_message);
        m_finder->refresh(JsonFinder::Target::Tree);
        return;
    }
    const bool isTree = m_views->currentIndex() == Tree && m_json->isValid();
    m_stack->setCurrentWidget(isTree ? static_cast<QWidget *>(m_tree) : m_text);
    if (isTree)
        m_finder->refresh(JsonFinder::Target::Tree);
    else
        presentText();
}

QString JsonPane::headNote() const
{
    return m_source.isHead
               ? tr("The answer was over %1: only its first %2 were kept, and nothing "
                    "behind them is known.")
                     .arg(PlainText::size(ReplyData::cap), PlainText::size(ReplyData::headSize))
               : QString();
}

void JsonPane::presentText()
{
    const bool isFormatted = m_views->currentIndex() == FormattedText && m_json->isValid();
    Background::run(
        this, [json = m_json, isFormatted] { return textOf(*json, isFormatted); },
        [this, json = m_json, view = m_views->currentIndex()](const PlainText::Excerpt &text) {
            if (m_json != json || m_views->currentIndex() != view)
                return;
            m_text->setContent(text);
            m_finder->refresh(JsonFinder::Target::Text);
            if (m_source.isHead)
                setNote(headNote());
            else if (text.isCut)
                setNote(tr("The first %1 of %2 are shown here. Save it to read the rest.")
                            .arg(PlainText::size(PlainText::Excerpt::maxBytes),
                                 PlainText::size(json->bytes().size())));
        });
}

void JsonPane::askWhereToSave()
{
    SaveFile::ask(this, tr("Save as"), m_source.fileName,
                  [this](const QString &path) { saveTo(path); });
}

void JsonPane::saveTo(const QString &path)
{
    if (!m_hasSource)
        return;
    JsonSource kept = m_source;
    kept.rule = ruleForKeeping(kept.rule);
    const bool masks = kept.isSecret || kept.rule != m_source.rule;
    const auto bytes = [source = kept, masks] {
        QByteArray document;
        const auto part = partOf(source, masks, document);
        return part ? part->toByteArray() : QByteArray();
    };
    SaveFile::writeInBackground(this, path, bytes,
                                [this](const QString &message) { setNote(message); });
}
