#pragma once

#include "base/clock.h"
#include "cli/commandline.h"
#include "cli/exitstatus.h"
#include "cli/serveraccess.h"
#include "cli/waitprinter.h"
#include "guardian/engine.h"
#include "task/taskstore.h"

#include <QObject>
#include <QSet>

/// `taskwatch wait`: watches tasks as the window does, until they have ended. Needs no display and
/// keeps nothing. One thread; what it does begins with start().
///
/// Outages are waited out, also while the server is looked for. A task has ended when its outcome
/// is final, when the server does not know it (any more), or when nothing in its answers can ever
/// be read.
class WaitCommand final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WaitCommand)

public:
    /// All references must outlive it.
    WaitCommand(const CommandLine &line, const QList<ServerProfile> &profiles, TokenStore &tokens,
                const Clock &clock, const WaitPrinter::Place &place, QIODevice &err,
                bool onTerminal, EngineParts parts = {}, QObject *parent = nullptr);
    ~WaitCommand() override;

    void start();
    /// Prints the last state and ends with 128 + `signal`.
    void interrupt(int signal);

Q_SIGNALS:
    /// Once.
    void finished(int status);

private:
    /// Answers in a row in which no task could be read.
    struct Strange {
        int answers = 0;
        std::chrono::milliseconds since{0}; ///< awake time of the first
    };

    void watch();
    void takeAccessTrouble(const PollError &trouble, bool isTold);
    void takeConnection(const ConnectionStatus &status);
    void takePolls(const QList<PollOutcome> &outcomes);
    void look(const QList<TaskKey> &keys);
    void tellAll();
    void tellOutage(const PollError &trouble);
    void tellTrouble(const TaskRecord &record, bool ended);
    void explain(const PollError &trouble);
    [[nodiscard]] bool hasEnded(const TaskRecord &record) const;
    [[nodiscard]] static ExitStatus statusOf(const TaskRecord &record);
    [[nodiscard]] QList<TaskRecord> open() const;
    void paint();
    void endIfDone();
    void conclude(int status);

    const CommandLine m_line;
    const Clock &m_clock;
    QIODevice &m_err;
    TaskStore m_store;
    Engine m_engine;
    ServerAccess m_access;
    WaitPrinter m_printer;
    std::unique_ptr<ClockTimer> m_timeout;
    std::unique_ptr<ClockTimer> m_retry; ///< of looking for the server
    std::unique_ptr<ClockTimer> m_paint;
    int m_retries = 0;
    Connection m_connection = Connection::Polling;
    std::optional<PollError::Kind> m_outage; ///< as told last, and not over
    QSet<PollError::Kind> m_told;            ///< of single tasks
    QList<TaskId> m_tasks;                   ///< in the order that was asked for
    QSet<TaskKey> m_ended;
    QHash<TaskKey, Strange> m_strange;
    bool m_done = false;
};
