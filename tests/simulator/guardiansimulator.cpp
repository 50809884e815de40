#include "guardiansimulator.h"

#include "faultanswer.h"
#include "simcontrol.h"
#include "simreplies.h"

#include <QJsonObject>
#include <QWebSocket>

#include <algorithm>

using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

namespace {

/// Which life a starting call begins, by what its path speaks of.
Script scriptOfPush(const QString &path)
{
    if (path.contains("import"_L1))
        return Script::ImportPolicy;
    if (path.contains("polic"_L1) && path.contains("publish"_L1))
        return Script::Nested;
    if (path.contains("random"_L1))
        return Script::SecretResult;
    if (path.contains("freeze"_L1))
        return Script::Quick;
    return path.contains("polic"_L1) ? Script::StringResult : Script::Normal;
}

HttpAnswer whole(HttpReply reply)
{
    HttpAnswer answer;
    answer.reply = std::move(reply);
    return answer;
}

} // namespace

GuardianSimulator::GuardianSimulator(const Clock &clock, SimOptions options, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_options(std::move(options))
    , m_accounts(clock)
    , m_tasks(clock, m_options.seed)
    , m_push(clock, m_tasks, m_accounts)
    , m_front(clock, [this](const HttpRequest &request) { return answer(request); })
{
    if (m_options.tls)
        m_front.setTls(*m_options.tls);
    m_push.setBroadcasts(m_options.dialect == SimDialect::Old);
    connect(&m_front, &HttpFront::newWebSocketConnection, this, &GuardianSimulator::acceptPush);
}

GuardianSimulator::~GuardianSimulator()
{
    m_push.closeAll();
    m_front.shut();
}

bool GuardianSimulator::listen(quint16 port)
{
    const quint16 opened = m_front.open(port);
    if (opened == 0)
        return false;
    m_port = opened;
    return true;
}

void GuardianSimulator::goDown()
{
    m_push.closeAll();
    m_front.shut();
}

void GuardianSimulator::restart()
{
    goDown();
    m_tasks.forgetAll();
    if (!comeBack())
        qWarning("guardian-sim: the port %d is taken", int(m_port));
}

QUrl GuardianSimulator::siteUrl() const
{
    QUrl url;
    url.setScheme(m_front.isTls() ? u"https"_s : u"http"_s);
    url.setHost(u"127.0.0.1"_s);
    url.setPort(m_port);
    return url;
}

QUrl GuardianSimulator::apiRoot() const
{
    QUrl url = siteUrl();
    url.setPath(m_options.apiPaths.value(0));
    return url;
}

QUrl GuardianSimulator::pushUrl() const
{
    QUrl url = siteUrl();
    url.setScheme(m_front.isTls() ? u"wss"_s : u"ws"_s);
    url.setPath(u"/ws/"_s);
    return url;
}

TaskId GuardianSimulator::start(Script script, const StartOptions &options)
{
    TaskId id = m_tasks.start(script, owned(options));
    m_push.look();
    return id;
}

TaskId GuardianSimulator::start(const TaskPlan &plan, const StartOptions &options)
{
    return startMany(1, plan, options).constFirst();
}

QList<TaskId> GuardianSimulator::startMany(int count, const TaskPlan &plan,
                                           const StartOptions &options)
{
    const auto shared = std::make_shared<const TaskPlan>(plan);
    const StartOptions whole = owned(options);
    QList<TaskId> ids;
    ids.reserve(count);
    for (int i = 0; i < count; ++i)
        ids.append(m_tasks.start(shared, whole));
    m_push.look();
    return ids;
}

StartOptions GuardianSimulator::owned(StartOptions options) const
{
    if (options.userId.isEmpty())
        options.userId = m_accounts.firstUser().id;
    return options;
}

QList<TaskId> GuardianSimulator::startMany(int count, const std::vector<Script> &scripts)
{
    QList<TaskId> ids;
    ids.reserve(count);
    StartOptions options = owned({});
    for (int i = 0; i < count; ++i) {
        options.stretch = 1 + (i % 97) / 97.0;
        ids.append(m_tasks.start(scripts[size_t(i) % scripts.size()], options));
    }
    m_push.look();
    return ids;
}

SimTruth GuardianSimulator::truth(const TaskId &id) const
{
    return m_tasks.truth(id, m_options.dialect);
}

int GuardianSimulator::requestsOf(const TaskId &id) const
{
    return int(std::count_if(m_log.begin(), m_log.end(), [&id](const SimRequest &request) {
        return request.taskId == id.text();
    }));
}

int GuardianSimulator::requestsTo(QStringView partOfPath) const
{
    return int(std::count_if(m_log.begin(), m_log.end(), [partOfPath](const SimRequest &request) {
        return request.path.contains(partOfPath);
    }));
}

int GuardianSimulator::requestsWith(const QByteArray &token) const
{
    return int(std::count_if(m_log.begin(), m_log.end(), [&token](const SimRequest &request) {
        return request.token == token;
    }));
}

HttpAnswer GuardianSimulator::answer(const HttpRequest &request)
{
    if (request.path.startsWith("/sim/"_L1))
        return whole(SimControl(*this).answer(request));
    for (const QString &root : std::as_const(m_options.apiPaths)) {
        if (!request.path.startsWith(root + u'/'))
            continue;
        const QString path = request.path.mid(root.size() + 1);
        const bool isApi = path.startsWith("tasks/"_L1) || path.startsWith("accounts/"_L1)
                           || path.startsWith("notifications/"_L1) || path.contains("push"_L1);
        if (isApi || !root.isEmpty())
            return answerApi(request, path);
    }
    // The web site: one page for every path, also for /task/ID.
    return whole(SimReplies::html("Guardian"));
}

HttpAnswer GuardianSimulator::answerApi(const HttpRequest &request, const QString &path)
{
    const QString taskId =
        path.startsWith("tasks/"_L1)
            ? QString::fromUtf8(QByteArray::fromPercentEncoding(path.mid(6).toLatin1()))
            : QString();
    HttpReply right = route(request, path, taskId);
    const bool again = request.query.hasQueryItem(u"again"_s); // where SameOrigin sent it
    const auto fault = again ? std::nullopt : m_faults.take(request.path, taskId);
    HttpAnswer answer;
    if (fault)
        answer = spoil(*fault, std::move(right), request);
    else
        answer.reply = std::move(right);
    answer.sent = enter(taskId);
    const bool silent = answer.manner == HttpAnswer::Manner::Silent;
    m_log.push_back({m_clock.now().awake, request.method, request.path, taskId, request.token,
                     silent ? 0 : answer.reply.status});
    return answer;
}

HttpReply GuardianSimulator::route(const HttpRequest &request, const QString &path,
                                   const QString &taskId)
{
    const bool gets = request.method == "GET";
    if (!gets && path == "accounts/login"_L1)
        return m_accounts.login(request.body);
    if (!gets && path == "accounts/access-token"_L1)
        return m_accounts.renew(request.body);
    const SimAccounts::User *user = m_accounts.userOf(request.token);
    if (!user)
        return SimReplies::unauthorized();
    if (gets && !taskId.isEmpty())
        return taskOf(taskId, *user);
    if (gets && path == "accounts/session"_L1)
        return m_accounts.session(request.token);
    if (gets && path == "notifications/progresses"_L1)
        return SimReplies::json(m_tasks.progresses(user->id));
    if (!gets && path.contains("push"_L1))
        return startedBy(path, *user);
    return SimReplies::error(
        404, u"Cannot %1 %2"_s.arg(QString::fromLatin1(request.method), request.path));
}

HttpReply GuardianSimulator::taskOf(const QString &taskId, const SimAccounts::User &user) const
{
    const SimTask *task = m_tasks.find(TaskId(taskId));
    QByteArray body;
    if (task && task->userId == user.id)
        body = m_tasks.reply(*task, m_options.dialect);
    if (body.isEmpty())
        return {}; // 200, no content, no content type: unknown, foreign or forgotten
    return {200, "application/json; charset=utf-8", body, {}};
}

HttpReply GuardianSimulator::startedBy(const QString &path, const SimAccounts::User &user)
{
    StartOptions options;
    options.userId = user.id;
    const TaskId id = start(scriptOfPush(path), options);
    const TaskPlan &plan = *m_tasks.find(id)->plan;
    return SimReplies::json(QJsonObject{{u"taskId"_s, id.text()},
                                        {u"expectation"_s, plan.expectation},
                                        {u"action"_s, plan.action},
                                        {u"userId"_s, user.id}},
                            202);
}

std::function<void()> GuardianSimulator::enter(const QString &taskId)
{
    m_mostInFlight = std::max(m_mostInFlight, ++m_inFlight);
    if (!taskId.isEmpty())
        m_mostInFlightOfOne = std::max(m_mostInFlightOfOne, ++m_inFlightByTask[taskId]);
    return [this, taskId] {
        --m_inFlight;
        if (!taskId.isEmpty() && --m_inFlightByTask[taskId] == 0)
            m_inFlightByTask.remove(taskId);
    };
}

void GuardianSimulator::acceptPush()
{
    while (auto socket = m_front.nextPendingWebSocketConnection()) {
        if (socket->requestUrl().path() == "/ws/"_L1)
            m_push.add(std::move(socket));
        else
            socket.release()->deleteLater();
    }
}
