#pragma once

#include "history/historychange.h"
#include "history/historyerror.h"
#include "history/retention.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QThread>

#include <chrono>
#include <memory>

class ClockTimer;
class Clock;
class HistoryWorker;

/// Keeps tasks beyond this run: the GUI thread's face of a database that has its own thread.
///
/// Changes are gathered, the last one of a task counts, and committed `batchDelay` later, also
/// while the file is still being read: with what is kept of a task they are merged. Large results
/// are committed one by one behind the others, which get their turn between two of them. Where that
/// fails, they stay gathered and are tried again, and so is opening a file that is locked, or on a
/// full disk; where the file cannot be used at all, nothing is kept and the program goes on in
/// memory.
class HistoryStore final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds batchDelay{250};
    /// After what failed, or found the file in use.
    static constexpr std::chrono::seconds retryDelay{10};
    /// How often outlived tasks are looked for.
    static constexpr std::chrono::hours pruneInterval{24};
    /// How long the destructor waits for the disk at most.
    static constexpr std::chrono::seconds closeLimit{10};

    /// `file` may be missing; its folder must be there. The clock must outlive this.
    HistoryStore(QString file, HistoryFunctions functions, const Clock &clock,
                 QObject *parent = nullptr);
    /// Commits what is gathered and ends the thread.
    ~HistoryStore() override;
    Q_DISABLE_COPY_MOVE(HistoryStore)

    /// How long finished tasks are kept: from the next open() on, or from now on.
    void setRetention(const RetentionLimits &limits);
    /// Once. Answers with opened() until `last`, even if it failed().
    void open();
    void save(const QList<TaskRecord> &records);
    /// Of tasks that were saved as they are, but for when they were asked for last: costs a
    /// fraction.
    void saveChecks(const QList<TaskRecord> &records);
    void remove(const QList<TaskKey> &keys);
    /// Nothing of it is yet to be written, or there is nothing to write to.
    [[nodiscard]] bool isKept(const TaskKey &key) const
    {
        return m_state == State::Forgetful || m_state == State::Shut
               || (!m_gathered.contains(key) && !m_underWay.contains(key));
    }
    /// Other secrets are known now: masks what is kept already, too, piece by piece. What is not
    /// done when the program ends, the next start does.
    void maskKept();
    /// Looks for tasks with all the words, or their beginnings: IDs, action, label, note, tags,
    /// steps, results in a line, errors. Any text will do. Answers with found(), in turn.
    void search(const QString &typed);

Q_SIGNALS:
    /// The kept tasks, in chunks of at most 2,000, in the order in which they were first kept.
    /// `last`: that was all; said exactly once, also when there is nothing or nothing can be read.
    /// Of a file that can be opened only later, what is in it comes after that.
    void opened(const QList<TaskRecord> &records, bool last);
    /// At any time; while the same trouble lasts, once. A saved() afterwards says that it is over.
    void failed(const HistoryError &error);
    /// A batch is on disk; of which tasks all is, says isKept().
    void saved();

    /// At most 10,000; those that were kept last come first.
    void found(const QString &typed, const QList<TaskKey> &keys);
    /// These were kept long enough, and are no longer. Who knows more of one by now, saves it
    /// again.
    void dropped(const QList<TaskKey> &keys);

    /// To the worker: the last chunk was taken.
    void moreWanted(QPrivateSignal);

private:
    enum class State {
        Closed,
        Opening,
        Keeping,
        Shut, ///< it cannot be opened for now: tried again
        Forgetful
    };
    /// The last change of each task, in the order in which the tasks first changed.
    class Changes
    {
    public:
        [[nodiscard]] bool isEmpty() const { return m_list.isEmpty(); }
        [[nodiscard]] const QList<HistoryChange> &list() const { return m_list; }
        [[nodiscard]] bool contains(const TaskKey &key) const { return m_places.contains(key); }
        [[nodiscard]] const HistoryChange *find(const TaskKey &key) const;
        [[nodiscard]] HistoryChange &at(const TaskKey &key);
        /// Takes the first large one out, or all that are not large, if there is one of that kind.
        [[nodiscard]] Changes take(bool isLarge);

    private:
        QList<HistoryChange> m_list;
        QHash<TaskKey, qsizetype> m_places;
    };

    void onLoaded(const QList<TaskRecord> &records, bool last, bool writable);
    void onWritten(const std::optional<HistoryError> &error);
    [[nodiscard]] Changes nextBatch();
    [[nodiscard]] QList<TaskRecord> taken(const QList<TaskRecord> &records);
    void schedule(std::chrono::milliseconds delay);
    void flush();
    void reopen();
    void tell(const HistoryError &error);
    void prune();

    const Clock &m_clock;
    State m_state = State::Closed;
    std::unique_ptr<QThread> m_thread;
    HistoryWorker *m_worker = nullptr; ///< in m_thread
    bool m_writable = false;           ///< as far as the worker has said
    bool m_isEndTold = false;          ///< opened() has said that it was the last
    Changes m_gathered;
    Changes m_underWay;        ///< handed to the worker, not yet answered
    bool m_isLargeDue = false; ///< the others had their turn
    bool m_hasWaiting = false; ///< some of what is gathered had to wait for its turn
    std::unique_ptr<ClockTimer> m_timer;
    std::unique_ptr<ClockTimer> m_reopenTimer;
    RetentionLimits m_limits;
    std::unique_ptr<ClockTimer> m_pruneTimer;
    std::unique_ptr<ClockTimer> m_upkeepTimer;
    std::optional<HistoryError> m_trouble; ///< told last, and not over
};
