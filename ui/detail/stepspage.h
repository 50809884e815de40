#pragma once

#include <QDateTime>
#include <QPersistentModelIndex>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeView;
class StepTreeModel;
struct TaskRecord;
class Baselines;

/// The steps as a tree. Keeps the running step in view until the operator scrolls away from it, and
/// again once it is scrolled back into view.
class StepsPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StepsPage)

public:
    explicit StepsPage(QWidget *parent = nullptr);

    /// `rewind`: of another task. `now`: UTC.
    void setTask(const TaskRecord &record, const Baselines &baselines, const QDateTime &now,
                 bool rewind);
    /// Moves the durations on, and the place of a usual run.
    void setNow(const TaskRecord &record, const Baselines &baselines, const QDateTime &now);

    [[nodiscard]] QTreeView &tree() const { return *m_tree; }
    [[nodiscard]] bool isFollowing() const { return m_isFollowing; }

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void open(const QModelIndex &index);
    void openInserted(const QModelIndex &parent, int first, int last);
    void follow();
    void judgeFollowing();

    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTreeView *m_tree;
    StepTreeModel *m_model;
    QPersistentModelIndex m_running; ///< where we scrolled to last
    bool m_isFollowing = true;
};
