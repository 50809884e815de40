#include "tasks/taskheader.h"

#include "statelook.h"
#include "tasks/taskdelegate.h"

#include <QPainter>
#include <QStyle>

namespace {

constexpr int narrowestSection = 24;
constexpr int arrowSize = 8;
constexpr int arrowGap = 4;

QColor lineColour(const QPalette &palette)
{
    QColor colour = palette.color(QPalette::Text);
    colour.setAlphaF(0.2F);
    return colour;
}

void paintArrow(QPainter &painter, const QRect &rect, Qt::SortOrder order, const QColor &colour)
{
    const QPointF centre = QRectF(rect).center();
    const qreal tip = order == Qt::AscendingOrder ? -2 : 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawConvexPolygon(QPolygonF{{centre.x() - arrowSize / 2.0, centre.y() - tip},
                                        {centre.x() + arrowSize / 2.0, centre.y() - tip},
                                        {centre.x(), centre.y() + tip}});
    painter.restore();
}

} // namespace

TaskHeader::TaskHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsMovable(true);
    setFirstSectionMovable(true);
    setSectionsClickable(true);
    setMinimumSectionSize(narrowestSection);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setTextElideMode(Qt::ElideRight);
    setAccessibleName(tr("Columns"));
}

QSize TaskHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), TaskDelegate::rowHeight(fontMetrics())};
}

void TaskHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    const QColor colour = StateLook::colour(Outcome::Checking, palette());
    painter->fillRect(rect, palette().color(QPalette::Base));
    const auto alignment =
        model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).value<Qt::Alignment>();
    const QString title = model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
    QRect words = rect.adjusted(TaskDelegate::margin, 0, -TaskDelegate::margin, 0);
    const bool isSorted = isSortIndicatorShown() && sortIndicatorSection() == section;
    const bool isRight = alignment & Qt::AlignRight;
    if (isSorted) {
        const int room = arrowSize + arrowGap;
        words.adjust(isRight ? room : 0, 0, isRight ? 0 : -room, 0);
        const int titleWidth = std::min(fontMetrics().horizontalAdvance(title), words.width());
        const int left =
            isRight ? words.right() + 1 - titleWidth - room : words.left() + titleWidth + arrowGap;
        const QRect place(left, rect.top() + (rect.height() - arrowSize) / 2, arrowSize, arrowSize);
        paintArrow(*painter, QStyle::visualRect(layoutDirection(), rect, place),
                   sortIndicatorOrder(), colour);
    }
    painter->setPen(colour);
    painter->drawText(QStyle::visualRect(layoutDirection(), rect, words),
                      int(QStyle::visualAlignment(layoutDirection(), alignment))
                          | Qt::TextSingleLine,
                      fontMetrics().elidedText(title, Qt::ElideRight, words.width()));
    // Where to take hold of the column's edge.
    const QRect edge(rect.right(), rect.top() + rect.height() / 4, 1, rect.height() / 2);
    painter->fillRect(QStyle::visualRect(layoutDirection(), rect, edge), lineColour(palette()));
}

void TaskHeader::paintEvent(QPaintEvent *event)
{
    QHeaderView::paintEvent(event);
    QPainter painter(viewport());
    const QRect whole = viewport()->rect();
    const QRect beyond = whole.adjusted(std::max(0, length() - offset()), 0, 0, 0);
    painter.fillRect(QStyle::visualRect(layoutDirection(), whole, beyond),
                     palette().color(QPalette::Base));
    painter.fillRect(QRect(whole.bottomLeft(), QSize(whole.width(), 1)), lineColour(palette()));
}
