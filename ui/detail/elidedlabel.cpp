#include "detail/elidedlabel.h"

#include "detail/plaintext.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

ElidedLabel::ElidedLabel(QWidget *parent)
    : QFrame(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize ElidedLabel::sizeHint() const
{
    const QFontMetrics metrics = fontMetrics();
    // Beyond this a wider window serves nobody; and a huge text need not be measured.
    constexpr qsizetype measured = 300;
    return {metrics.horizontalAdvance(PlainText::inOneLine(m_text.left(measured))) + 2,
            metrics.height()};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 4, fontMetrics().height()};
}

QString ElidedLabel::elided() const
{
    constexpr qsizetype measured = 2'000;
    return fontMetrics().elidedText(PlainText::inOneLine(m_text.left(measured)), Qt::ElideRight,
                                    contentsRect().width());
}

bool ElidedLabel::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QFrame::event(event);
    const bool isCut = elided() != PlainText::inOneLine(m_text);
    QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(),
                       isCut ? PlainText::toolTip(m_text) : QString(), this);
    return true;
}

void ElidedLabel::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(contentsRect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     elided());
}
