#include "window/fieldhint.h"

#include "statelook.h"

#include <QAction>
#include <QEvent>
#include <QLineEdit>

FieldHint::FieldHint(QLineEdit *field)
    : QLabel(field->window())
    , m_field(field)
    , m_sign(field->addAction(StateLook::symbol(QStringLiteral("warning"), field->palette()),
                              QLineEdit::TrailingPosition))
{
    m_sign->setText(tr("What is wrong here"));
    m_sign->setVisible(false);
    connect(m_sign, &QAction::triggered, this, [this] {
        m_field->setFocus();
        setHint(text());
    });
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setMargin(8);
    setFrameStyle(QFrame::Box | QFrame::Plain);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    setForegroundRole(QPalette::ToolTipText);
    setAccessibleName(tr("Hint"));
    hide();
    field->installEventFilter(this);
}

void FieldHint::setHint(const QString &text)
{
    setText(text);
    m_sign->setVisible(!text.isEmpty());
    m_sign->setToolTip(text);
    m_field->setAccessibleDescription(text);
    setVisible(!text.isEmpty());
    if (!text.isEmpty())
        place();
}

void FieldHint::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_sign->setIcon(StateLook::symbol(QStringLiteral("warning"), m_field->palette()));
}

bool FieldHint::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::FocusIn && !text().isEmpty())
        setHint(text());
    if (watched == m_field && !isHidden()) {
        if (event->type() == QEvent::FocusOut || event->type() == QEvent::Hide)
            hide();
        else if (event->type() == QEvent::Resize || event->type() == QEvent::Move)
            place();
    }
    return QLabel::eventFilter(watched, event);
}

void FieldHint::place()
{
    QWidget *window = parentWidget();
    const int width = qMax(m_field->width(), fontMetrics().averageCharWidth() * 40);
    const QPoint below = m_field->mapTo(window, QPoint(0, m_field->height() + 4));
    const int left = qMax(0, qMin(below.x(), window->width() - width - 8));
    setGeometry(left, below.y(), width, heightForWidth(width));
    raise();
}
