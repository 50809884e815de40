#include "cli/wait.h"

#include "base/logging.h"
#include "guardian/pollschedule.h"
#include "task/advance.h"

#include <QIODevice>

using namespace std::chrono_literals;

namespace {

constexpr auto firstRetry = 1s;
constexpr auto slowestRetry = 30s;
constexpr auto betweenPaints = 1s; // the elapsed time ticks

[[nodiscard]] WaitPrinter::Form formOf(const CommandLine &line, bool onTerminal)
{
    if (line.quiet)
        return WaitPrinter::Form::Nothing;
    if (line.json)
        return WaitPrinter::Form::Json;
    return onTerminal ? WaitPrinter::Form::Terminal : WaitPrinter::Form::Lines;
}

[[nodiscard]] bool isRefusal(Connection connection)
{
    return connection == Connection::SignInNeeded || connection == Connection::NoPermission;
}

} // namespace

WaitCommand::WaitCommand(const CommandLine &line, const QList<ServerProfile> &profiles,
                         TokenStore &tokens, const Clock &clock, const WaitPrinter::Place &place,
                         QIODevice &err, bool onTerminal, EngineParts parts, QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_clock(clock)
    , m_err(err)
    , m_store(clock)
    , m_engine(clock, std::move(parts))
    , m_access(line, {profiles, tokens, clock, m_engine, err})
    , m_printer(formOf(line, onTerminal), place)
    , m_timeout(clock.makeTimer([this] { conclude(static_cast<int>(ExitStatus::TimeUp)); }))
    , m_retry(clock.makeTimer([this] { m_access.start(); }))
    , m_paint(clock.makeTimer([this] { paint(); }))
{
    connect(&m_access, &ServerAccess::ready, this, &WaitCommand::watch);
    connect(&m_access, &ServerAccess::failed, this, &WaitCommand::takeAccessTrouble);
    connect(&m_store, &TaskStore::wished, &m_engine, &Engine::applyWishes);
    connect(&m_store, &TaskStore::changed, this, &WaitCommand::look);
    connect(&m_store, &TaskStore::checked, this, &WaitCommand::look);
    connect(&m_engine, &Engine::polled, this, &WaitCommand::takePolls);
}

WaitCommand::~WaitCommand() = default;

void WaitCommand::start()
{
    auto tasks = m_access.choose();
    if (!tasks) {
        m_err.write(usageText(tasks.error()).toUtf8());
        m_done = true;
        Q_EMIT finished(static_cast<int>(ExitStatus::Usage));
        return;
    }
    m_tasks = *std::move(tasks);
    m_printer.setSeveral(m_tasks.size() > 1);
    if (m_line.timeout)
        m_timeout->start(*m_line.timeout);
    m_access.start();
}

void WaitCommand::takeAccessTrouble(const PollError &trouble, bool isTold)
{
    if (isTold)
        m_outage = trouble.kind;
    m_connection = PollSchedule::connectionOf(trouble.kind);
    if (isRefusal(m_connection))
        return conclude(static_cast<int>(ExitStatus::SignIn));
    tellOutage(trouble);
    tellAll();
    m_retry->start(PollSchedule::growing(firstRetry, 2, ++m_retries, slowestRetry));
}

void WaitCommand::watch()
{
    m_connection = Connection::Polling;
    // Only now: the engine says "Sign-in needed" of each server that it has no token for yet.
    connect(&m_engine, &Engine::connectionChanged, this,
            [this](const ServerId &, const ConnectionStatus &status) { takeConnection(status); });
    QList<TaskKey> keys;
    keys.reserve(m_tasks.size());
    for (const TaskId &task : std::as_const(m_tasks))
        keys.append({m_access.server(), task});
    m_store.watch(keys);
    paint();
}

void WaitCommand::takeConnection(const ConnectionStatus &status)
{
    if (m_done)
        return;
    const bool isCalm = status.state == Connection::Live || status.state == Connection::Polling;
    m_connection = status.state;
    if (!isCalm)
        m_store.interrupt(m_access.server());
    if (status.cause)
        tellOutage(*status.cause);
    else if (isCalm && m_outage.has_value()) {
        m_outage.reset();
        m_access.say(tr("The server answers again."), {});
    }
    if (isRefusal(status.state))
        return conclude(static_cast<int>(ExitStatus::SignIn));
    tellAll();
}

/// How the server is reached is part of what is told of a task.
void WaitCommand::tellAll()
{
    for (const TaskRecord &record : open())
        m_printer.tell(record, m_access.shownRoot(), m_connection, m_clock.now().wall);
}

void WaitCommand::takePolls(const QList<PollOutcome> &outcomes)
{
    if (m_done)
        return;
    for (const PollOutcome &outcome : outcomes) {
        const bool isStrange = !outcome.answer
                               && (outcome.answer.error().kind == PollError::Kind::TooLarge
                                   || outcome.answer.error().kind == PollError::Kind::Unreadable);
        if (outcome.answer)
            m_strange.remove(outcome.key);
        else if (isStrange && m_strange[outcome.key].answers++ == 0)
            m_strange[outcome.key].since = outcome.answeredAt.awake;
    }
    m_store.apply(outcomes);
    paint();
    endIfDone();
}

void WaitCommand::look(const QList<TaskKey> &keys)
{
    for (const TaskKey &key : keys) {
        const TaskRecord &record = *m_store.find(key);
        const QDateTime now = m_clock.now().wall;
        m_printer.tell(record, m_access.shownRoot(), m_connection, now);
        const bool endsNow = !m_ended.contains(key) && hasEnded(record);
        tellTrouble(record, endsNow);
        if (!endsNow)
            continue;
        m_ended.insert(key);
        m_printer.tellEnd(record, m_access.shownRoot(), m_connection, now);
    }
}

/// Nonsense counts like an empty answer: from the third on, over a while. Of a task that was seen
/// before it is an outage of some proxy, unless the answer is simply too large for us.
bool WaitCommand::hasEnded(const TaskRecord &record) const
{
    const bool isLost =
        record.outcome == Outcome::NotFound || record.outcome == Outcome::OutcomeUnknown;
    if (isFinal(record.outcome) || isLost)
        return true;
    const Strange strange = m_strange.value(record.key);
    const bool isForGood = record.outcome == Outcome::Unreadable
                           || (record.trouble && record.trouble->kind == PollError::Kind::TooLarge);
    return isForGood && strange.answers >= emptyAnswersNeeded
           && m_clock.now().awake - strange.since >= emptyAnswersSpan;
}

/// Once for each change of kind: while the same trouble lasts, nothing more is to be said.
void WaitCommand::tellOutage(const PollError &trouble)
{
    if (m_outage != trouble.kind)
        explain(trouble);
    m_outage = trouble.kind;
}

/// What is wrong with a single task, once for each kind. That it is not known is news only when it
/// counts.
void WaitCommand::tellTrouble(const TaskRecord &record, bool ended)
{
    if (!record.trouble || PollSchedule::isServerTrouble(record.trouble->kind)
        || record.trouble->kind == PollError::Kind::SignInNeeded
        || (record.trouble->kind == PollError::Kind::NotKnown && !ended)
        || m_told.contains(record.trouble->kind))
        return;
    m_told.insert(record.trouble->kind);
    explain(*record.trouble);
}

void WaitCommand::explain(const PollError &trouble)
{
    const PollErrorText text = describe(trouble);
    m_access.say(text.headline, text.nextStep);
    if (!trouble.detail.isEmpty())
        qCInfo(lcCli) << trouble.detail;
}

QList<TaskRecord> WaitCommand::open() const
{
    QList<TaskRecord> records;
    for (const TaskId &task : m_tasks) {
        const TaskKey key{m_access.server(), task};
        if (m_ended.contains(key))
            continue;
        TaskRecord unasked;
        unasked.key = key;
        const TaskRecord *const record = m_store.find(key);
        records.append(record ? *record : unasked);
    }
    return records;
}

void WaitCommand::paint()
{
    if (m_done)
        return;
    m_printer.paintBars(open(), m_clock.now().wall);
    m_paint->start(betweenPaints);
}

void WaitCommand::endIfDone()
{
    if (m_ended.isEmpty() || (!m_line.any && m_ended.size() < m_tasks.size()))
        return;
    QList<ExitStatus> statuses;
    for (const TaskKey &key : std::as_const(m_ended))
        statuses.append(statusOf(*m_store.find(key)));
    conclude(static_cast<int>(worstOf(statuses)));
}

ExitStatus WaitCommand::statusOf(const TaskRecord &record)
{
    const bool isTooLarge = record.trouble && record.trouble->kind == PollError::Kind::TooLarge;
    return isTooLarge && !isFinal(record.outcome) ? ExitStatus::Unreadable : exitStatusOf(record);
}

void WaitCommand::interrupt(int signal)
{
    conclude(128 + signal);
}

/// One exit: what has not ended is told as it stands.
void WaitCommand::conclude(int status)
{
    if (m_done)
        return;
    m_done = true;
    m_timeout->stop();
    m_retry->stop();
    m_paint->stop();
    m_printer.paintBars({}, m_clock.now().wall);
    for (const TaskRecord &record : open())
        m_printer.tellEnd(record, m_access.shownRoot(), m_connection, m_clock.now().wall);
    Q_EMIT finished(status);
}
