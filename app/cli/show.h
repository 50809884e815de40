#pragma once

#include "base/clock.h"
#include "cli/commandline.h"
#include "cli/exitstatus.h"
#include "cli/serveraccess.h"
#include "guardian/engine.h"

#include <QHash>
#include <QObject>
#include <QSet>

class QIODevice;
class TokenStore;

/// `taskwatch show`: asks for tasks once, prints what they are and ends. Needs no display, keeps
/// nothing and tracks nothing. One thread; what it does begins with start().
class ShowCommand final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShowCommand)

public:
    /// Tasks are printed to `out`, words to `err`, both open for writing. All references must
    /// outlive it.
    ShowCommand(const CommandLine &line, const QList<ServerProfile> &profiles, TokenStore &tokens,
                const Clock &clock, QIODevice &out, QIODevice &err, EngineParts parts = {},
                QObject *parent = nullptr);
    ~ShowCommand() override;

    void start();

Q_SIGNALS:
    /// Once.
    void finished(ExitStatus status);

private:
    void ask();
    void takeAnswer(quint64 request, const PollOutcome &outcome);
    /// The same for every task: none could be asked for.
    void takeTrouble(const PollError &trouble, bool isTold);
    void keep(const TaskRecord &record);
    void print(const TaskRecord &record);
    void explain(const PollError &trouble);
    void finish();

    bool m_json;
    const Clock &m_clock;
    QIODevice &m_out;
    QIODevice &m_err;
    Engine m_engine;
    ServerAccess m_access;
    QList<TaskId> m_tasks;
    QHash<TaskId, TaskRecord> m_answered; ///< not printed yet: an earlier one is missing
    qsizetype m_printed = 0;
    QSet<ExitStatus> m_statuses;
    QSet<PollError::Kind> m_explained;
};
