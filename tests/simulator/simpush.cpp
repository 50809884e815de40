#include "simpush.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QWebSocket>

#include <algorithm>

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// {"type": …, "data": …} around a text that is JSON already.
QString message(const QByteArray &data)
{
    return QString::fromUtf8("{\"type\":\"UPDATE_TASK_STATUS\",\"data\":" + data + '}');
}

/// What old servers send: the lines since the last push (`before` < 0: there was none), and whether
/// it is over.
QByteArray oldData(const SimTask &task, milliseconds before, milliseconds at)
{
    const TaskPlan &plan = *task.plan;
    const QJsonArray all = statusesAt(plan, at);
    QJsonArray fresh;
    const auto known = before < 0ms ? 0 : statusesAt(plan, before).size();
    for (auto i = known; i < all.size(); ++i)
        fresh.append(all[i]);
    const bool done = isDoneAt(plan, at, SimDialect::Old);
    const bool failed = done && plan.ending == TaskPlan::Ending::Error;
    QJsonObject data{
        {u"taskId"_s, task.id.text()}, {u"statuses"_s, fresh}, {u"completed"_s, done && !failed}};
    if (failed)
        data["error"_L1] = plan.error;
    return QJsonDocument(data).toJson(QJsonDocument::Compact);
}

} // namespace

SimPush::SimPush(const Clock &clock, const SimTasks &tasks, const SimAccounts &accounts,
                 QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_tasks(tasks)
    , m_accounts(accounts)
    , m_timer(clock.makeTimer([this] { look(); }))
{
}

SimPush::~SimPush()
{
    for (Client &client : m_clients)
        client.socket->disconnect(this);
}

void SimPush::add(std::unique_ptr<QWebSocket> socket)
{
    QWebSocket *raw = socket.get();
    connect(raw, &QWebSocket::textMessageReceived, this,
            [this, raw](const QString &text) { receive(raw, text); });
    connect(raw, &QWebSocket::disconnected, this, [this, raw] { drop(raw); });
    m_clients.push_back({std::move(socket), {}});
    if (m_clients.size() == 1) {
        // From now on: what happened before is not news.
        m_told.clear();
        for (const SimTask &task : m_tasks.all())
            m_told.insert(task.id, lastChange(*task.plan, m_tasks.elapsed(task)));
    }
    look();
}

void SimPush::closeAll()
{
    for (Client &client : std::exchange(m_clients, {})) {
        client.socket->disconnect(this);
        client.socket->abort();
    }
    m_timer->stop();
}

int SimPush::signedInClients() const
{
    return int(std::count_if(m_clients.begin(), m_clients.end(),
                             [](const Client &client) { return !client.userId.isEmpty(); }));
}

void SimPush::receive(QWebSocket *socket, const QString &text)
{
    if (m_dead)
        return;
    if (text == u"ping"_s) {
        socket->sendTextMessage(u"pong"_s);
        return;
    }
    const QJsonObject order = QJsonDocument::fromJson(text.toUtf8()).object();
    if (order["type"_L1].toString() != u"SET_ACCESS_TOKEN"_s)
        return;
    const auto *user = m_accounts.userOf(order["data"_L1].toString().toLatin1());
    if (!user)
        return; // no answer, and nothing changes
    ++m_tokensShown;
    for (Client &client : m_clients)
        if (client.socket.get() == socket)
            client.userId = user->id;
}

void SimPush::drop(QWebSocket *socket)
{
    const auto it =
        std::find_if(m_clients.begin(), m_clients.end(),
                     [socket](const Client &client) { return client.socket.get() == socket; });
    if (it == m_clients.end())
        return;
    it->socket.release()->deleteLater();
    m_clients.erase(it);
    if (m_clients.empty())
        m_timer->stop();
}

void SimPush::look()
{
    if (m_clients.empty())
        return;
    for (const SimTask &task : m_tasks.all()) {
        if (task.goneAt)
            continue;
        const auto at = lastChange(*task.plan, m_tasks.elapsed(task));
        const auto told = m_told.constFind(task.id);
        const auto before = told == m_told.cend() ? milliseconds{-1} : *told;
        if (at == before)
            continue;
        m_told.insert(task.id, at);
        tell(task, before, at);
    }
    m_timer->start(std::min<milliseconds>(1s, untilNextEnd()));
}

milliseconds SimPush::untilNextEnd() const
{
    milliseconds next = 1s;
    for (const SimTask &task : m_tasks.all()) {
        const auto end = endOf(*task.plan);
        const auto at = m_tasks.elapsed(task);
        if (end && at < *end && !task.goneAt)
            next = std::min(next,
                            milliseconds{qint64(double((*end - at).count()) * task.stretch) + 1});
    }
    return next;
}

void SimPush::say(const QString &text) const
{
    for (const Client &client : m_clients)
        client.socket->sendTextMessage(text);
}

void SimPush::tell(const SimTask &task, milliseconds before, milliseconds at)
{
    if (m_dead)
        return;
    if (task.plan->forgottenAt && at >= *task.plan->forgottenAt)
        return; // nobody is told of forgetting
    QString text;
    for (const Client &client : m_clients) {
        if (!m_broadcasts && client.userId != task.userId)
            continue;
        if (text.isEmpty())
            text = message(m_broadcasts ? oldData(task, before, at)
                                        : m_tasks.reply(task, SimDialect::Deployed));
        client.socket->sendTextMessage(text);
        ++m_pushes;
    }
}
