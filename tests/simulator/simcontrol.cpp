#include "simcontrol.h"

#include "guardiansimulator.h"
#include "simreplies.h"
#include "task/taskwords.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <tl/expected.hpp>

using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

namespace {

constexpr int mostTasks = 200'000;

tl::expected<QJsonObject, QString> objectOf(const QByteArray &body)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (error.error != QJsonParseError::NoError)
        return tl::unexpected(error.errorString());
    if (!document.isObject())
        return tl::unexpected(u"not a JSON object"_s);
    return document.object();
}

} // namespace

HttpReply SimControl::answer(const HttpRequest &request)
{
    const QString order = request.path.mid(5);
    const bool posts = request.method == "POST";
    if (posts && order == "tasks"_L1)
        return startTasks(request.body);
    if (posts && order == "faults"_L1)
        return addFault(request.body);
    if (request.method == "DELETE" && order == "faults"_L1) {
        m_simulator.clearFaults();
        return SimReplies::json(QJsonObject{{u"ok"_s, true}});
    }
    if (posts && order == "restart"_L1) {
        // Later, or it would cut the connection that asks for it.
        QMetaObject::invokeMethod(
            &m_simulator, [simulator = &m_simulator] { simulator->restart(); },
            Qt::QueuedConnection);
        return SimReplies::json(QJsonObject{{u"ok"_s, true}}, 202);
    }
    if (posts && order == "revoke"_L1) {
        m_simulator.accounts().revokeAll();
        return SimReplies::json(QJsonObject{{u"ok"_s, true}});
    }
    if (request.method == "GET" && order == "state"_L1)
        return state();
    return SimReplies::error(404, u"no such order: %1"_s.arg(request.path));
}

HttpReply SimControl::startTasks(const QByteArray &body)
{
    const auto order = objectOf(body);
    if (!order)
        return SimReplies::error(400, order.error());
    const QJsonObject &json = *order;
    const QString name = json["script"_L1].toString();
    const auto script = scriptOfName(name);
    if (!script)
        return SimReplies::error(400, u"no such script: \"%1\""_s.arg(name));
    const int count = json["count"_L1].toInt(1);
    if (count < 1 || count > mostTasks)
        return SimReplies::error(400, u"count must be from 1 to %1"_s.arg(mostTasks));
    ScriptOptions look;
    look.action = json["action"_L1].toString();
    look.resultBytes = json["resultBytes"_L1].toInteger(look.resultBytes);
    StartOptions options;
    options.script = name;
    options.label = json["label"_L1].toString();
    options.age = milliseconds{json["age"_L1].toInteger()};
    options.stretch = json["stretch"_L1].toDouble(1);
    if (count == 1)
        options.id = TaskId(json["taskId"_L1].toString());
    if (const auto *user = m_simulator.accounts().user(json["user"_L1].toString()))
        options.userId = user->id;
    const auto started = m_simulator.startMany(count, makePlan(*script, look), options);
    QJsonArray ids;
    for (const TaskId &id : started)
        ids.append(id.text());
    return SimReplies::json(QJsonObject{{u"taskIds"_s, ids}}, 201);
}

HttpReply SimControl::addFault(const QByteArray &body)
{
    const auto order = objectOf(body);
    if (!order)
        return SimReplies::error(400, order.error());
    const auto fault = faultFromJson(*order);
    if (!fault)
        return SimReplies::error(400, fault.error());
    m_simulator.addFault(*fault);
    return SimReplies::json(QJsonObject{{u"ok"_s, true}}, 201);
}

HttpReply SimControl::state() const
{
    QJsonArray tasks;
    for (const SimTask &task : m_simulator.tasks().all()) {
        const SimTruth truth = m_simulator.truth(task.id);
        tasks.append(QJsonObject{{u"taskId"_s, task.id.text()},
                                 {u"label"_s, task.label},
                                 {u"script"_s, task.script},
                                 {u"action"_s, task.plan->action},
                                 {u"known"_s, truth.known},
                                 {u"now"_s, TaskWords::kebab(truth.now)},
                                 {u"eventual"_s, TaskWords::kebab(truth.eventual)},
                                 {u"percent"_s, truth.percent},
                                 {u"step"_s, truth.step}});
    }
    return SimReplies::json(
        QJsonObject{{u"url"_s, m_simulator.siteUrl().toString()},
                    {u"apiRoot"_s, m_simulator.apiRoot().toString()},
                    {u"requests"_s, m_simulator.requests()},
                    {u"connections"_s, m_simulator.connections()},
                    {u"mostInFlight"_s, m_simulator.mostInFlight()},
                    {u"mostInFlightOfOneTask"_s, m_simulator.mostInFlightOfOneTask()},
                    {u"pushClients"_s, m_simulator.push().clients()},
                    {u"signIns"_s, m_simulator.accounts().signIns()},
                    {u"renewals"_s, m_simulator.accounts().renewals()},
                    {u"tasks"_s, tasks}});
}
