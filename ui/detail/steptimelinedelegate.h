#pragma once

#include <QStyledItemDelegate>

/// A step's time as a thin line from the left: how long it took, over how long it usually takes,
/// and the mark where a usual run would be by now. Paints from roles alone.
class StepTimelineDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StepTimelineDelegate)

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    /// Also gives the rows their height.
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
};
