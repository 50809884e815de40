#pragma once

#include "base/clock.h"
#include "tasks/slottablemodel.h"
#include "tasks/taskcells.h"

class TaskStore;

/// The tasks of a store as a table, sorted and filtered by itself.
///
/// Values are taken in at most 30 times a second, cell by cell; the order is mended at most ten
/// times a second by one layout change, so that selection and current row stay with their tasks.
/// An update never resets the model; a new filter or view does.
class TaskTableModel final : public SlotTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskTableModel)

public:
    /// `store` and `clock` must outlive the model. Tasks that are in the store already are shown;
    /// for the rest connect its signals to the slots below.
    TaskTableModel(const TaskStore &store, const Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Labels only: says `labelEdited` and leaves the rest to who owns the records.
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    void sort(int column, Qt::SortOrder order) override;

    [[nodiscard]] TaskKey keyAt(int row) const;
    /// -1: not shown.
    [[nodiscard]] int rowOf(const TaskKey &key) const;
    /// The next row from `fromRow` on, round the end, whose Label or Action begins with `text`; -1.
    [[nodiscard]] int findRow(const QString &text, int fromRow) const;

    void setServerNames(const QHash<ServerId, QString> &names);
    void setServerMarks(const QHash<ServerId, int> &marks);
    void setConnection(const ServerId &server, const ConnectionStatus &status);
    void setFilter(const TaskFilter &filter);
    [[nodiscard]] bool isFiltered() const { return !m_rows.filter().isEmpty(); }
    /// The history's answer to the filter's free words; late ones are not for it any more.
    void setFound(const QString &words, const QList<TaskKey> &keys);
    void setView(const TableView &view);
    void setView(TaskView view, const std::optional<ServerId> &server = {})
    {
        setView(TableView{.view = view, .server = server});
    }
    /// Filters that are counted as views are.
    void setSavedFilters(const std::vector<TaskFilter> &filters);
    [[nodiscard]] int savedCount(int number) const
    {
        return m_rows.savedCount(std::size_t(number));
    }
    /// How many tasks a view has, of one server or of all, whatever the filter.
    [[nodiscard]] int count(TaskView view, const std::optional<ServerId> &server = {}) const;

    /// Whether somebody can look at the rows: else they follow once a second.
    void setSeen(bool seen);
    /// While held, no row moves or leaves by itself, and new ones come last; values go on.
    void holdOrder(bool hold);
    /// This task stays in sight though it no longer belongs to the view, until another is named or
    /// view or filter change: what somebody looks at does not vanish when it ends.
    void keepShown(const std::optional<TaskKey> &key);
    /// Checked changes with every poll: it is announced only while somebody sees it.
    void setCheckedShown(bool shown);
    /// Says what passed with the time in these rows; call it about once a second for what is
    /// visible. Returns when to call again.
    std::chrono::milliseconds refreshTimes(int firstRow, int lastRow);

public Q_SLOTS:
    void onAdded(const QList<TaskKey> &keys);
    void onChanged(const QList<TaskKey> &keys);
    void onChecked(const QList<TaskKey> &keys);
    void onRemoved(const QList<TaskKey> &keys);

Q_SIGNALS:
    void labelEdited(const TaskKey &key, const QString &label);
    void countsChanged();

private:
    static constexpr std::chrono::milliseconds flushPause{33};
    static constexpr std::chrono::milliseconds mergePause{100};
    static constexpr std::chrono::milliseconds unseenPause{1000}; ///< both, while nobody looks
    /// A merge takes at most this part of the time from one to the next.
    static constexpr int mergeShare = 20;
    /// Between judgements of who is slower than usual.
    static constexpr std::chrono::milliseconds pacePause{5000};

    [[nodiscard]] bool isShown(Slot slot) const;

    void flush();
    void scheduleFlush();
    void scheduleMerge();
    [[nodiscard]] std::chrono::milliseconds untilMerge() const;
    void markMisplaced(Slot slot);
    void mergeOrder();
    [[nodiscard]] TaskIndex::Less byOrder() const
    {
        return [this](Slot a, Slot b) { return m_rows.less(a, b); };
    }
    void rebuild();
    void reconsider(TaskColumn column);
    void judgePace();
    void turnDay();

    const TaskStore &m_store;
    const Clock &m_clock;
    TaskRows m_rows;
    TaskCells m_cells;

    std::vector<Slot> m_changed;     ///< records to take in; may name one twice
    std::vector<Slot> m_misplaced;   ///< rows whose place or presence may be wrong
    std::vector<char> m_isMisplaced; ///< by slot
    bool m_held = false;
    bool m_isSeen = true;
    bool m_checkedShown = false;
    std::optional<TaskKey> m_kept;
    QDateTime m_ticked; ///< of the last refreshTimes
    std::chrono::milliseconds m_pacedAt{0};
    std::chrono::milliseconds m_flushedAt{0};
    std::chrono::milliseconds m_mergedAt{0};
    /// Long where thousands of single rows are selected and accessibility wants to know each.
    std::chrono::milliseconds m_mergeTook{0};
    std::unique_ptr<ClockTimer> m_flushTimer;
    std::unique_ptr<ClockTimer> m_mergeTimer;
};
