#pragma once

#include "tasks/celltexts.h"

#include <QStyledItemDelegate>

/// Paints a task's cells by hand, from roles alone: a third of the cost of styled ones. The column
/// of an index is a TaskColumn.
class TaskDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskDelegate)

public:
    /// Left and right of what a cell shows, in pixels.
    static constexpr int margin = 6;

    explicit TaskDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const override;
    /// Shows the whole text of a cell that is cut, where the model has no better tooltip.
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

    /// In pixels, for a font.
    [[nodiscard]] static int rowHeight(const QFontMetrics &metrics);
    /// Of TaskId cells: monospace, in the size of `font`.
    [[nodiscard]] static QFont idFont(const QFont &font);

private:
    mutable CellTexts m_texts;
};
