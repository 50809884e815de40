#pragma once

#include "guardian/connectionstatus.h"
#include "task/baseline.h"
#include "task/taskfilter.h"
#include "tasks/taskrow.h"

#include <QCollator>
#include <QHash>
#include <QSet>

#include <memory>

class TaskStore;

/// What the side list has chosen: a view, of one server or of all, or a saved filter.
struct TableView {
    TaskView view = TaskView::All;
    std::optional<ServerId> server{};
    std::optional<TaskFilter> saved{};

    friend bool operator==(const TableView &, const TableView &) = default;
};

/// The tasks of the table by slot, whether they show, and how two of them compare. Pure; signals
/// are the model's.
class TaskRows
{
public:
    using Slot = int;
    using Counts = std::array<int, taskViewCount>; ///< by TaskView

    /// `store` is read for times that pass (Elapsed, Checked). It must outlive this.
    explicit TaskRows(const TaskStore &store);

    /// So many more are about to come.
    void reserve(std::size_t more);
    Slot add(const TaskRecord &record);
    void remove(Slot slot);
    /// Takes the record in and says which cells differ.
    TaskColumns update(Slot slot, const TaskRecord &record);

    /// Judges anew which tasks are slower than usual, as time passes, and gives those that differ.
    std::vector<Slot> refreshSlow(const QDateTime &now);

    [[nodiscard]] const TaskRow &row(Slot slot) const { return m_entries[std::size_t(slot)].row; }
    [[nodiscard]] std::vector<Slot> all() const;
    [[nodiscard]] Slot find(const TaskKey &key) const { return m_slots.value(key, -1); }
    /// Slots are below this.
    [[nodiscard]] std::size_t slotCount() const { return m_entries.size(); }

    /// Of one server, or of all.
    [[nodiscard]] Counts counts(const std::optional<ServerId> &server) const;
    /// Today is the local day of this moment; false: as before.
    bool setToday(const QDateTime &now);
    /// Filters that are counted like views; at most `mostSaved`.
    static constexpr std::size_t mostSaved = 32;
    void setSaved(const std::vector<TaskFilter> &filters);
    [[nodiscard]] const std::vector<TaskFilter> &saved() const { return m_saved; }
    [[nodiscard]] int savedCount(std::size_t number) const { return m_savedCounts.at(number); }

    [[nodiscard]] TaskColumn sortColumn() const { return m_column; }
    [[nodiscard]] Qt::SortOrder sortOrder() const { return m_order; }
    /// Sort keys are taken now: those of Elapsed for this moment.
    void setOrder(TaskColumn column, Qt::SortOrder order, const QDateTime &now);
    /// The moment that Elapsed and Time left are sorted by; refresh the keys of what runs.
    void setSortMoment(const QDateTime &now) { m_sortedAt = now; }
    /// Takes one slot's sort key anew: for what `update` does not see.
    void refreshKey(Slot slot);
    /// How much longer it usually takes, as far as that can be said.
    [[nodiscard]] std::optional<Baseline::Range> remaining(const TaskKey &key,
                                                           const QDateTime &now) const;
    /// What the Summary shows: of a stalled task for how long it stands still.
    [[nodiscard]] QString summary(const TaskRow &row) const;
    /// Raw values, what is absent last, then in the order of adding.
    [[nodiscard]] bool less(Slot a, Slot b) const;

    [[nodiscard]] const TaskFilter &filter() const { return m_filter; }
    void setFilter(const TaskFilter &filter);
    /// Tasks of which the history knows these of the filter's free words, until these change.
    void setFound(FoundWords words, const QSet<TaskKey> &found);
    /// Absent: it has not answered yet.
    [[nodiscard]] std::optional<QSet<TaskKey>> found(FoundWords words) const
    {
        const auto answer = m_found.constFind(words);
        return answer == m_found.cend() ? std::nullopt : std::optional(*answer);
    }
    void setView(const TableView &view) { m_view = view; }
    [[nodiscard]] const TableView &view() const { return m_view; }
    [[nodiscard]] bool isWanted(Slot slot) const;

    void setServerNames(const QHash<ServerId, QString> &names);
    /// See ColourMark; those without one may be left out.
    void setServerMarks(const QHash<ServerId, int> &marks) { m_serverMarks = marks; }
    [[nodiscard]] int serverMark(Slot slot) const
    {
        return m_serverMarks.value(row(slot).key.server);
    }
    [[nodiscard]] QString serverName(Slot slot) const;
    void setConnection(const ServerId &server, const ConnectionStatus &status);
    [[nodiscard]] ConnectionStatus connectionOf(const ServerId &server) const;
    /// The task's own pause goes before its server's state.
    [[nodiscard]] Connection connection(Slot slot) const;

private:
    struct SortKey {
        bool absent = false;
        qint64 number = 0;
        std::optional<QCollatorSortKey> text{};
    };
    /// What nearly every comparison needs, and no more: sorting reads these all over.
    struct Rank {
        qint64 number = 0;
        quint64 serial = 0; ///< 0: a free slot
        bool absent = false;
        bool hasText = false;
    };
    struct Entry {
        TaskRow row;
        std::optional<QCollatorSortKey> sortText{};
        std::uint32_t saved{}; ///< which saved filters it matches, a bit each
        /// Of the filter, while there is one; made when first asked for.
        mutable std::unique_ptr<const FilterFacts> facts;
    };

    [[nodiscard]] SortKey sortKey(const TaskRow &row) const;
    [[nodiscard]] bool isUsed(std::size_t slot) const { return m_ranks[slot].serial != 0; }
    [[nodiscard]] std::unique_ptr<const FilterFacts> makeFacts(Slot slot, bool withRest) const;
    [[nodiscard]] FoundWords foundOf(const TaskKey &key) const;
    void forgetFacts();
    void count(const TaskRow &row, int by);
    void countSaved(Slot slot);
    [[nodiscard]] bool isAskedFor(Connection before, Connection now) const;
    [[nodiscard]] bool belongs(TaskView view, const TaskRow &row) const;

    const TaskStore &m_store;
    std::vector<Entry> m_entries;
    std::vector<Rank> m_ranks; ///< of the same slots
    std::vector<Slot> m_free;
    QHash<TaskKey, Slot> m_slots;
    quint64 m_lastSerial = 0;
    QHash<ServerId, Counts> m_counts;

    TaskColumn m_column = TaskColumn::Started;
    Qt::SortOrder m_order = Qt::DescendingOrder;
    QDateTime m_sortedAt;
    QCollator m_collator;

    TaskFilter m_filter;
    QHash<FoundWords, QSet<TaskKey>> m_found; ///< the history's answers
    TableView m_view;
    qint64 m_today = TaskRow::never;
    std::vector<TaskFilter> m_saved;
    std::vector<int> m_savedCounts;
    bool m_savedAskAll = false;
    QHash<ServerId, QString> m_serverNames;
    QHash<ServerId, int> m_serverMarks;
    QHash<ServerId, ConnectionStatus> m_connections;
};
