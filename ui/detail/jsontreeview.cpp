#include "detail/jsontreeview.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QStyledItemDelegate>

namespace {

constexpr int nameWidth = 260;
constexpr int lineSpace = 4;

class RowDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex & /*index*/) const override
    {
        return {nameWidth, option.fontMetrics.height() + lineSpace};
    }
};

QList<int> placeOf(QModelIndex index)
{
    QList<int> place;
    for (; index.isValid(); index = index.parent())
        place.prepend(index.row());
    return place;
}

} // namespace

JsonTreeView::JsonTreeView(QWidget *parent)
    : QTreeView(parent)
    , m_model(new JsonTreeModel(this))
{
    setModel(m_model);
    setItemDelegate(new RowDelegate(this));
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    header()->resizeSection(JsonTreeModel::NameColumn, nameWidth);
    header()->setSectionsMovable(false);
}

void JsonTreeView::setJson(const std::shared_ptr<const JsonIndex> &json, bool rewind)
{
    if (json == m_model->json())
        return;
    const QList<Place> open = rewind ? QList<Place>() : openPlaces();
    const Place current = rewind ? Place() : placeOf(currentIndex());
    const int vertical = verticalScrollBar()->value();
    const int horizontal = horizontalScrollBar()->value();
    m_model->setIndex(json);
    for (const Place &place : open)
        expand(at(place));
    if (!current.isEmpty())
        selectionModel()->setCurrentIndex(at(current), QItemSelectionModel::ClearAndSelect
                                                           | QItemSelectionModel::Rows);
    executeDelayedItemsLayout();
    verticalScrollBar()->setValue(rewind ? 0 : vertical);
    horizontalScrollBar()->setValue(rewind ? 0 : horizontal);
}

QList<JsonTreeView::Place> JsonTreeView::openPlaces() const
{
    QList<Place> places;
    QModelIndexList waiting{QModelIndex()};
    while (!waiting.isEmpty()) {
        const QModelIndex above = waiting.takeLast();
        const int rows = m_model->rowCount(above);
        for (int row = 0; row < rows; ++row) {
            const QModelIndex index = m_model->index(row, 0, above);
            if (!isExpanded(index))
                continue;
            places.append(placeOf(index));
            waiting.append(index);
        }
    }
    return places;
}

/// The nearest that there is; makes what lies above it.
QModelIndex JsonTreeView::at(const Place &place) const
{
    QModelIndex index;
    for (const int row : place) {
        m_model->fetchMore(index);
        const QModelIndex next = m_model->index(row, 0, index);
        if (!next.isValid())
            break;
        index = next;
    }
    return index;
}

void JsonTreeView::showValue(quint32 value)
{
    const QModelIndex index = m_model->indexOf(value);
    if (!index.isValid())
        return;
    for (QModelIndex above = index.parent(); above.isValid(); above = above.parent())
        expand(above);
    setCurrentIndex(index);
    scrollTo(index);
}

void JsonTreeView::copyValue()
{
    if (currentIndex().isValid())
        Q_EMIT copyRequested(m_model->copyText(currentIndex()));
}

void JsonTreeView::copyPath()
{
    if (currentIndex().isValid())
        Q_EMIT copyRequested(m_model->path(currentIndex()));
}

void JsonTreeView::contextMenuEvent(QContextMenuEvent *event)
{
    if (!currentIndex().isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Copy value")), &QAction::triggered, this, &JsonTreeView::copyValue);
    connect(menu->addAction(tr("Copy path")), &QAction::triggered, this, &JsonTreeView::copyPath);
    const QModelIndex index = currentIndex();
    if (m_model->hasChildren(index)) {
        menu->addSeparator();
        const bool isOpen = isExpanded(index);
        connect(
            menu->addAction(isOpen ? tr("Collapse") : tr("Expand")), &QAction::triggered, this,
            [this, index = QPersistentModelIndex(index), isOpen] { setExpanded(index, !isOpen); });
    }
    menu->popup(event->globalPos());
}

void JsonTreeView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copyValue();
        return;
    }
    // Would make every item of a large document.
    if (event->key() == Qt::Key_Asterisk)
        return;
    QTreeView::keyPressEvent(event);
}
