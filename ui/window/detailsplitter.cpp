#include "window/detailsplitter.h"

namespace {

constexpr int besideFrom = 1500;

} // namespace

DetailSplitter::DetailSplitter(QWidget *parent)
    : QSplitter(Qt::Vertical, parent)
    // Only the proportion counts before the first layout.
    , m_sizes{QList<int>{700, 560}, QList<int>{420, 300}}
{
    setChildrenCollapsible(false);
    setHandleWidth(4);
}

void DetailSplitter::setPlace(Place place)
{
    m_place = place;
    arrange();
}

void DetailSplitter::fitTo(int windowWidth)
{
    m_windowWidth = windowWidth;
    arrange();
}

QList<int> DetailSplitter::sizesOf(Qt::Orientation wanted) const
{
    // Before the first layout, all sizes are 0.
    const QList<int> now = sizes();
    return wanted == orientation() && now.value(0) > 0 ? now : m_sizes.at(slot(wanted));
}

void DetailSplitter::setSizesOf(Qt::Orientation wanted, const QList<int> &sizes)
{
    m_sizes.at(slot(wanted)) = sizes;
    if (wanted == orientation())
        setSizes(sizes);
}

void DetailSplitter::arrange()
{
    const bool beside = m_place == Place::Beside
                        || (m_place == Place::Automatic && m_windowWidth > besideFrom);
    const Qt::Orientation wanted = beside ? Qt::Horizontal : Qt::Vertical;
    if (wanted == orientation())
        return;
    m_sizes.at(slot(orientation())) = sizesOf(orientation());
    setOrientation(wanted);
    setSizes(m_sizes.at(slot(wanted)));
}

size_t DetailSplitter::slot(Qt::Orientation orientation)
{
    return orientation == Qt::Horizontal ? 0 : 1;
}
