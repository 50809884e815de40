#pragma once

#include "base/clock.h"
#include "base/taskid.h"
#include "tasks/orderhold.h"
#include "tasks/tableplace.h"
#include "tasks/timeticker.h"
#include "tasks/typeahead.h"

#include <QTableView>

#include <memory>
#include <optional>

class QMenu;
class TableColumns;
class TaskSelection;
class TaskTableModel;

/// The table of tasks. Nothing moves under the pointer, the current row stays in view when it
/// moves, and a new filter or view keeps current row, selection and scroll position.
///
/// Enter and double click say `activated`; F2 and a double click on a label edit it.
class TaskTableView final : public QTableView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskTableView)

public:
    /// `clock` must outlive the view. The model may go first, as a child of the same window does;
    /// then nothing may be asked of the view but its end.
    TaskTableView(TaskTableModel &model, const Clock &clock, QWidget *parent = nullptr);
    ~TaskTableView() override;

    /// In the order of rows.
    [[nodiscard]] QList<TaskKey> selectedTasks() const;
    [[nodiscard]] std::optional<TaskKey> currentTask() const;
    /// Makes it current, selects it alone and scrolls to it; nothing if it is not shown.
    void setCurrentTask(const TaskKey &key);

    /// While held, rows keep their places, wherever the pointer is.
    void setHeld(bool held);

    /// Columns and sorting, for restoreLayout; versioned.
    [[nodiscard]] QByteArray saveLayout() const;
    /// False, and nothing changes, if the bytes are none of ours.
    bool restoreLayout(const QByteArray &bytes);
    void resetLayout();
    /// Adds an action per column, and "Reset columns": the header's context menu.
    void fillColumnsMenu(QMenu &menu);

    void keyboardSearch(const QString &search) override;

Q_SIGNALS:
    /// Another task, or none. Not said when the current one only moves.
    void currentTaskChanged(const std::optional<TaskKey> &key);
    void selectedTasksChanged();
    /// What can be seen, in the order of rows; empty while the view is hidden. A moment late, so
    /// that scrolling says it once.
    void visibleTasksChanged(const QList<TaskKey> &keys);

protected:
    bool edit(const QModelIndex &index, EditTrigger trigger, QEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void selectionChanged(const QItemSelection &selected,
                          const QItemSelection &deselected) override;
    bool viewportEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    void updateGeometries() override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    /// What the places of headers and scroll bars depend on.
    struct Extent {
        QSize view;
        QRect rows; ///< its part for them
        QSize header;
        int width = 0;  ///< px of all columns
        int height = 0; ///< px of all rows

        friend bool operator==(const Extent &, const Extent &) = default;
    };

    void setUpHeaders();
    void connectModel();
    void showColumnsMenu(QPoint position);

    void rememberPlace();
    void restorePlace();
    void publishCurrent();
    void publishVisible();
    void saySeen();
    [[nodiscard]] std::pair<int, int> visibleRows() const;
    [[nodiscard]] bool isInView(const QModelIndex &index) const;
    void leaveRows(int first, int last);
    void beforeRowsMove();
    void afterRowsMoved();

    TaskTableModel &m_model;
    const Clock &m_clock;
    TaskSelection *m_selection = nullptr;
    TableColumns *m_columns = nullptr;
    TablePlace m_place;               ///< kept over a reset
    std::optional<TaskKey> m_current; ///< as said last
    std::optional<TaskKey> m_missed;  ///< was current when a filter hid it; comes back with its row
    QList<TaskKey> m_visible;         ///< as said last
    Extent m_extent;                  ///< for which all is in its place
    bool m_currentInView = false;
    bool m_isResetting = false;
    TypeAhead m_typeAhead;
    TimeTicker m_ticker;
    OrderHold m_orderHold;
    std::unique_ptr<ClockTimer> m_visibleTimer;
};
