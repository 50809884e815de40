#include "window/detailsplitter.h"

#include <QDataStream>
#include <QIODevice>

#include <utility>

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

void DetailSplitter::setPlace(Settings::DetailPlacement place)
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

QByteArray DetailSplitter::saveSizes() const
{
    QByteArray blob;
    QDataStream out(&blob, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    out << sizesOf(Qt::Horizontal) << sizesOf(Qt::Vertical);
    return blob;
}

void DetailSplitter::restoreSizes(const QByteArray &blob)
{
    QDataStream in(blob);
    in.setVersion(QDataStream::Qt_6_4);
    QList<int> beside;
    QList<int> below;
    in >> beside >> below;
    if (in.status() != QDataStream::Ok || beside.size() != 2 || below.size() != 2)
        return;
    m_sizes = {beside, below};
    setSizes(m_sizes.at(slot(orientation())));
}

void DetailSplitter::showEvent(QShowEvent *event)
{
    // Else the first layout would go by size hints.
    if (!std::exchange(m_wasShown, true))
        setSizes(m_sizes.at(slot(orientation())));
    QSplitter::showEvent(event);
}

void DetailSplitter::arrange()
{
    const bool beside =
        m_place == Settings::DetailPlacement::Beside
        || (m_place == Settings::DetailPlacement::Automatic && m_windowWidth > besideFrom);
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
