#include "cli/show.h"

#include "base/logging.h"
#include "base/plaintext.h"
#include "cli/showtext.h"
#include "guardian/connectionwords.h"
#include "guardian/pollschedule.h"
#include "task/advance.h"
#include "task/taskjson.h"

#include <QIODevice>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace {

constexpr quint64 theRequest = 1;

/// What the trouble says of the server, on the other axis than the outcome.
[[nodiscard]] Connection connectionOf(const std::optional<PollError> &trouble)
{
    return trouble ? PollSchedule::connectionOf(trouble->kind) : Connection::Polling;
}

} // namespace

ShowCommand::ShowCommand(const CommandLine &line, const QList<ServerProfile> &profiles,
                         TokenStore &tokens, const Clock &clock, QIODevice &out, QIODevice &err,
                         EngineParts parts, QObject *parent)
    : QObject(parent)
    , m_json(line.json)
    , m_clock(clock)
    , m_out(out)
    , m_err(err)
    , m_engine(clock, std::move(parts))
    , m_access(line, {profiles, tokens, clock, m_engine, err})
{
    connect(&m_engine, &Engine::lookedUp, this, &ShowCommand::takeAnswer);
    connect(&m_engine, &Engine::lookUpEnded, this, &ShowCommand::finish);
    connect(&m_access, &ServerAccess::ready, this, &ShowCommand::ask);
    connect(&m_access, &ServerAccess::failed, this, &ShowCommand::takeTrouble);
}

ShowCommand::~ShowCommand() = default;

void ShowCommand::start()
{
    auto tasks = m_access.choose();
    if (!tasks) {
        m_err.write(usageText(tasks.error()).toUtf8());
        Q_EMIT finished(ExitStatus::Usage);
        return;
    }
    m_tasks = *std::move(tasks);
    m_access.start();
}

void ShowCommand::ask()
{
    QList<TaskKey> keys;
    keys.reserve(m_tasks.size());
    for (const TaskId &task : std::as_const(m_tasks))
        keys.append({m_access.server(), task});
    m_engine.lookUp(theRequest, keys);
}

void ShowCommand::takeAnswer(quint64, const PollOutcome &outcome)
{
    TaskRecord before;
    before.key = outcome.key;
    TaskRecord record = advance(before, outcome, m_clock.now());
    // The engine has asked often enough to be sure.
    if (!outcome.answer && outcome.answer.error().kind == PollError::Kind::NotKnown)
        record.outcome = Outcome::NotFound;
    keep(record);
}

void ShowCommand::takeTrouble(const PollError &trouble, bool isTold)
{
    if (isTold)
        m_explained.insert(trouble.kind);
    for (const TaskId &task : std::as_const(m_tasks)) {
        TaskRecord record;
        record.key = {m_access.server(), task};
        record.trouble = trouble;
        keep(record);
    }
    finish();
}

/// Prints in the order that was asked for, each as early as that allows.
void ShowCommand::keep(const TaskRecord &record)
{
    m_answered.insert(record.key.task, record);
    while (m_printed < m_tasks.size() && m_answered.contains(m_tasks.at(m_printed))) {
        print(m_answered.take(m_tasks.at(m_printed)));
        ++m_printed;
    }
}

void ShowCommand::print(const TaskRecord &record)
{
    m_statuses.insert(exitStatusOf(record));
    const QJsonObject json = taskToJson(record, m_access.shownRoot(),
                                        ConnectionWords::kebab(connectionOf(record.trouble)));
    QString text;
    if (m_json) {
        const QByteArray line = QJsonDocument(json).toJson(QJsonDocument::Compact);
        text = PlainText::inJson(QString::fromUtf8(line)) + u'\n';
    } else {
        text = (m_printed > 0 ? u"\n"_s : QString()) + showText(record, json, m_clock.now().wall);
    }
    m_out.write(text.toUtf8());
    if (record.trouble)
        explain(*record.trouble);
}

/// Once for each kind, however many tasks it hit.
void ShowCommand::explain(const PollError &trouble)
{
    if (m_explained.contains(trouble.kind))
        return;
    m_explained.insert(trouble.kind);
    const PollErrorText text = describe(trouble, AskedAgain::ByPerson);
    m_access.say(text.headline, text.nextStep);
    if (!trouble.detail.isEmpty())
        qCInfo(lcCli) << trouble.detail;
}

void ShowCommand::finish()
{
    // An answer that never came is our own fault.
    if (m_printed < m_tasks.size())
        m_statuses.insert(ExitStatus::Internal);
    Q_EMIT finished(worstOf(m_statuses.values()));
}
