#include "window/fieldhint.h"

#include <QEvent>

FieldHint::FieldHint(QWidget *field)
    : QLabel(field->window())
    , m_field(field)
{
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
    m_field->setAccessibleDescription(text);
    setVisible(!text.isEmpty());
    if (!text.isEmpty())
        place();
}

bool FieldHint::eventFilter(QObject *watched, QEvent *event)
{
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
