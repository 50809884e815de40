#include "cli/show.h"

#include "account/tokenstore.h"
#include "base/logging.h"
#include "base/plaintext.h"
#include "cli/showtext.h"
#include "guardian/apirootprober.h"
#include "guardian/connectionwords.h"
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
    if (!trouble)
        return Connection::Polling;
    switch (trouble->kind) {
    case PollError::Kind::SignInNeeded:
        return Connection::SignInNeeded;
    case PollError::Kind::NoPermission:
        return Connection::NoPermission;
    case PollError::Kind::RateLimited:
        return Connection::RateLimited;
    case PollError::Kind::Certificate:
        return Connection::CertificateProblem;
    case PollError::Kind::ServerError:
    case PollError::Kind::Timeout:
    case PollError::Kind::Unreachable:
    case PollError::Kind::ForeignRedirect:
        return Connection::Unreachable;
    case PollError::Kind::NotKnown:
    case PollError::Kind::Unreadable:
    case PollError::Kind::TooLarge:
        return Connection::Polling;
    }
    return Connection::Polling;
}

} // namespace

ShowCommand::ShowCommand(CommandLine line, QList<ServerProfile> profiles, TokenStore &tokens,
                         const Clock &clock, QIODevice &out, QIODevice &err, QObject *parent)
    : QObject(parent)
    , m_line(std::move(line))
    , m_profiles(std::move(profiles))
    , m_tokens(tokens)
    , m_clock(clock)
    , m_out(out)
    , m_err(err)
    , m_engine(clock)
{
    connect(&m_engine, &Engine::lookedUp, this, &ShowCommand::takeAnswer);
    connect(&m_engine, &Engine::lookUpEnded, this, &ShowCommand::finish);
    connect(&m_tokens, &TokenStore::waiting, this, [this](bool isWaiting) {
        if (isWaiting)
            say(tr("Waiting for the keychain."), tr("It may be asking to be unlocked."));
    });
}

ShowCommand::~ShowCommand() = default;

void ShowCommand::start()
{
    auto target = chooseTarget(m_line, m_profiles);
    if (!target)
        return refuse(target.error());
    m_target = *std::move(target);
    m_shownRoot = m_target.profile ? m_target.profile->apiRoot : m_target.candidates.first();
    auto tasks = tasksOf(m_line.tasks, m_shownRoot);
    if (!tasks)
        return refuse(tasks.error());
    m_tasks = *std::move(tasks);
    if (m_target.profile)
        takeRoot(ApiRoot(m_target.profile->apiRoot));
    else
        probe();
}

void ShowCommand::refuse(const UsageError &error)
{
    m_err.write(usageText(error).toUtf8());
    Q_EMIT finished(ExitStatus::Usage);
}

/// Without a token: it is not known yet whether this is a server of ours.
void ShowCommand::probe()
{
    m_prober = new ApiRootProber(NetworkSettings{}, m_clock, this);
    connect(m_prober, &ApiRootProber::finished, this, [this](const ApiRootProber::Result &found) {
        if (found)
            takeRoot(*found);
        else
            takeTrouble(found.error());
    });
    m_prober->start(m_target.candidates);
}

void ShowCommand::takeRoot(const ApiRoot &root)
{
    m_root = root;
    m_shownRoot = root.url();
    m_profile = profileOf(root.url(), m_profiles);
    m_server = m_profile ? m_profile->id : ServerId::create();
    qCInfo(lcCli) << "The API is at" << root.url().toDisplayString();
    if (m_line.token.isEmpty())
        readToken();
    else
        ask(m_line.token);
}

void ShowCommand::readToken()
{
    const PollError none{PollError::Kind::SignInNeeded, {}, 0, {}, {}};
    if (!m_profile) {
        say(tr("There is no token for %1.").arg(m_shownRoot.toDisplayString()),
            tr("Put it into the environment variable TASKWATCH_TOKEN."));
        return takeTrouble(none);
    }
    m_tokens.read(m_profile->id, this,
                  [this, none](const tl::expected<Secret, TokenStoreError> &token) {
                      if (token)
                          return ask(*token);
                      const TokenStoreErrorText text = describe(token.error());
                      say(text.headline, text.nextStep);
                      takeTrouble(none);
                  });
}

void ShowCommand::ask(const Secret &token)
{
    ServerConfig config;
    config.id = m_server;
    config.name = m_profile ? m_profile->name : QString();
    config.root = m_root;
    if (m_profile)
        config.manners.requestsPerSecond = m_profile->requestsPerSecond;
    m_engine.setServer(config);
    m_engine.setToken(m_server, token);
    QList<TaskKey> keys;
    keys.reserve(m_tasks.size());
    for (const TaskId &task : std::as_const(m_tasks))
        keys.append({m_server, task});
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

void ShowCommand::takeTrouble(const PollError &trouble)
{
    for (const TaskId &task : std::as_const(m_tasks)) {
        TaskRecord record;
        record.key = {m_server, task};
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
    const QJsonObject json =
        taskToJson(record, m_shownRoot, ConnectionWords::kebab(connectionOf(record.trouble)));
    QString text;
    if (m_line.json) {
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
    const PollErrorText text = describe(trouble);
    say(text.headline, text.nextStep);
    if (!trouble.detail.isEmpty())
        qCInfo(lcCli) << trouble.detail;
}

void ShowCommand::say(const QString &headline, const QString &nextStep)
{
    const QString text = u"taskwatch: "_s + headline + u' ' + nextStep;
    m_err.write(PlainText::onOneLine(text.trimmed()).toUtf8() + '\n');
}

void ShowCommand::finish()
{
    // An answer that never came is our own fault.
    if (m_printed < m_tasks.size())
        m_statuses.insert(ExitStatus::Internal);
    Q_EMIT finished(worstOf(m_statuses.values()));
}
