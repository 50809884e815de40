#include "tasks/celltexts.h"

#include <QPainter>
#include <QRect>

#include <cmath>

void CellTexts::draw(QPainter &painter, const QRect &rect, Qt::Alignment alignment,
                     const QString &text, Qt::TextElideMode mode)
{
    if (text.isEmpty() || rect.width() <= 0)
        return;
    const QFontMetrics metrics = painter.fontMetrics();
    const Key key{text, painter.font(), rect.width(), mode};
    QStaticText laidOut; // shares what it holds
    if (const QStaticText *known = m_texts.object(key)) {
        laidOut = *known;
    } else {
        laidOut.setText(metrics.elidedText(text.simplified(), mode, rect.width()));
        laidOut.setTextFormat(Qt::PlainText);
        laidOut.prepare({}, painter.font());
        m_texts.insert(key, new QStaticText(laidOut)); // taken over
    }
    const int free = rect.width() - int(std::ceil(laidOut.size().width()));
    const int left = alignment.testFlag(Qt::AlignRight) ? rect.left() + free : rect.left();
    // Its own height: a fallback font's letters are higher than the cell's.
    const int above = (rect.height() - int(std::ceil(laidOut.size().height()))) / 2;
    painter.drawStaticText(left, rect.top() + above, laidOut);
}
