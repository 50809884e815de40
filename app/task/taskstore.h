#pragma once

#include "base/clock.h"
#include "task/baselines.h"
#include "task/pollwish.h"
#include "task/taskrecord.h"

#include <QHash>
#include <QList>
#include <QObject>

#include <optional>
#include <unordered_map>

/// Owns what we believe of every tracked task; the only one who believes anything.
///
/// Lives in one thread. Signals carry keys in batches, after the store is in its new state;
/// listeners read with find() and never call back from them. Cost grows with what changes, not with
/// what is tracked.
class TaskStore final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskStore)

public:
    /// `clock` must outlive the store.
    explicit TaskStore(const Clock &clock, QObject *parent = nullptr);
    ~TaskStore() override;

    /// Takes records of an earlier run. What was final but not confirmed when it ended is
    /// asked for again. Where a task is tracked already, both are merged.
    void load(const QList<TaskRecord> &records);

    /// Null if it is not tracked. Valid until the store is next written to.
    [[nodiscard]] const TaskRecord *find(const TaskKey &key) const;
    [[nodiscard]] bool contains(const TaskKey &key) const { return m_tasks.contains(key); }
    /// In the order in which they came.
    [[nodiscard]] QList<TaskKey> keys() const;
    [[nodiscard]] qsizetype size() const { return qsizetype(m_tasks.size()); }
    /// What the tasks of this and earlier runs tell of what is usual.
    [[nodiscard]] const Baselines &baselines() const { return m_baselines; }
    /// What tasks have taught that may not be kept any more; before load().
    void learn(const std::vector<Baselines::Lesson> &lessons) { m_baselines.learn(lessons); }

    /// Tracks and asks at once; returns those that were not tracked yet.
    QList<TaskKey> watch(const QList<TaskKey> &keys);
    /// Returns what was removed: restore() undoes it.
    QList<TaskRecord> unwatch(const QList<TaskKey> &keys);
    /// Tracks again what unwatch() gave, as it was.
    void restore(const QList<TaskRecord> &records);

    void setLabel(const TaskKey &key, const QString &label);
    void setPaused(const QList<TaskKey> &keys, bool paused);
    void setNote(const TaskKey &key, const QString &note);
    /// Spaces around each are dropped, so are empty ones and repetitions.
    void setTags(const TaskKey &key, const QStringList &tags);
    void setPinned(const QList<TaskKey> &keys, bool pinned);
    void setAcknowledged(const QList<TaskKey> &keys, bool acknowledged);
    void setMuted(const QList<TaskKey> &keys, bool muted);
    /// `outcome`: what was told; none: nothing, as at first.
    void setNotified(const QList<TaskKey> &keys, std::optional<Outcome> outcome);
    /// Asks as soon as the budget allows, paused and final ones too.
    void refresh(const QList<TaskKey> &keys);
    /// All others are in the background. What is both, is selected.
    void setAttention(const QList<TaskKey> &visible, const QList<TaskKey> &selected);
    /// The server's tasks were not watched for a while (it was paused or signed out): the time up
    /// to the next answer does not make them stalled.
    void interrupt(const ServerId &server);

    void apply(const QList<PollOutcome> &outcomes);

    /// A reply that was read again.
    struct Reading {
        TaskKey key;
        std::shared_ptr<const TaskSnapshot> before; ///< where there is another by now, it counts
        std::shared_ptr<const TaskSnapshot> after;
    };
    void reread(const QList<Reading> &readings);

Q_SIGNALS:
    void added(const QList<TaskKey> &keys);
    /// Something that is shown or kept differs.
    void changed(const QList<TaskKey> &keys);
    /// Asked again, with nothing new: only `checkedAt` and the log moved.
    void checked(const QList<TaskKey> &keys);
    void removed(const QList<TaskKey> &keys);
    /// Only what differs from the wish before, but for `dueNow`, which is said each time.
    void wished(const QList<PollWish> &wishes);

private:
    /// Of the wish that was sent last: its key is the record's.
    struct Sent {
        explicit Sent(const PollWish &wish)
            : tracked(wish.tracked)
            , paused(wish.paused)
            , settled(wish.settled)
            , attention(wish.attention)
        {
        }
        friend bool operator==(const Sent &, const Sent &) = default;

        bool tracked;
        bool paused;
        bool settled;
        PollWish::Attention attention;
    };
    struct Task {
        TaskRecord record;
        std::optional<Sent> sent; ///< none for a new one: so its first wish is always sent
        quint64 order = 0;        ///< of coming
    };

    /// Inserts a record under its key; false if there is one already.
    bool insert(TaskRecord record);
    /// Sets a field of those that are tracked, and says so for those where it differs. `part`: by
    /// which name the operator has spoken of it.
    template<typename T>
    void set(const QList<TaskKey> &keys, T TaskRecord::*field, const T &value,
             OperatorParts part = {});
    /// Appends the task's wish if it differs from the last, or `dueNow`.
    void updateWish(Task &task, QList<PollWish> &wishes, bool dueNow = false) const;

    const Clock &m_clock;
    struct KeyHash {
        // Not noexcept: libstdc++ keeps the hashes of such, and a look-up reads no other task's ID.
        size_t operator()(const TaskKey &key) const { return qHash(key); }
    };

    // A node each: QHash keeps room for a fifth more of them, and they are large.
    std::unordered_map<TaskKey, Task, KeyHash> m_tasks;
    Baselines m_baselines;
    QHash<TaskKey, PollWish::Attention> m_attention; ///< without those in the background
    quint64 m_nextOrder = 0;
};
