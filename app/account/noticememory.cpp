#include "account/noticememory.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace {

constexpr auto untoldSince = "untoldSince"_L1;
constexpr auto untoldStalls = "untoldStalls"_L1;
constexpr auto pausedUntil = "pausedUntil"_L1;
constexpr auto awaitedGroups = "awaitedGroups"_L1;
constexpr auto signInTold = "signInTold"_L1;
constexpr auto unreachableTold = "unreachableTold"_L1;
constexpr auto serverMember = "server"_L1;
constexpr auto taskMember = "task"_L1;

QDateTime moment(const QJsonObject &object, QLatin1String key)
{
    return QDateTime::fromString(object.value(key).toString(), Qt::ISODateWithMs).toUTC();
}

QJsonValue text(const QDateTime &moment)
{
    return moment.isValid() ? QJsonValue(moment.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QList<TaskKey> keysIn(const QJsonValue &members)
{
    QList<TaskKey> keys;
    const QJsonArray array = members.toArray();
    for (const QJsonValue member : array) {
        const TaskKey key{ServerId(QUuid(member[serverMember].toString())),
                          TaskId(member[taskMember].toString())};
        if (!key.server.isNull() && !key.task.isEmpty())
            keys << key;
    }
    return keys;
}

template<typename Keys>
QJsonArray arrayOf(const Keys &keys)
{
    QJsonArray members;
    for (const TaskKey &key : keys)
        members << QJsonObject{{serverMember, key.server.text()}, {taskMember, key.task.text()}};
    return members;
}

QSet<ServerId> serversIn(const QJsonObject &object, QLatin1String key)
{
    QSet<ServerId> ids;
    const QJsonArray members = object.value(key).toArray();
    for (const QJsonValue member : members) {
        if (const ServerId id{QUuid(member.toString())}; !id.isNull())
            ids << id;
    }
    return ids;
}

QJsonArray arrayOf(const QSet<ServerId> &servers)
{
    QJsonArray ids;
    for (const ServerId &id : servers)
        ids << id.text();
    return ids;
}

} // namespace

NoticeMemoryFile::NoticeMemoryFile(const QString &stateFolder, const Clock &clock)
    : m_file(stateFolder + u"/notices.json"_s, 1, clock)
{
}

NoticeMemory NoticeMemoryFile::load()
{
    const auto content = m_file.read();
    if (!content)
        return {};
    NoticeMemory memory;
    memory.untoldSince = moment(content->object, untoldSince);
    const QList<TaskKey> stalls = keysIn(content->object.value(untoldStalls));
    memory.untoldStalls = {stalls.cbegin(), stalls.cend()};
    memory.pausedUntil = moment(content->object, pausedUntil);
    memory.signInTold = serversIn(content->object, signInTold);
    memory.unreachableTold = serversIn(content->object, unreachableTold);
    const QJsonArray groups = content->object.value(awaitedGroups).toArray();
    for (const QJsonValue group : groups) {
        if (const QList<TaskKey> keys = keysIn(group); !keys.isEmpty())
            memory.awaitedGroups << keys;
    }
    return memory;
}

tl::expected<void, QString> NoticeMemoryFile::save(const NoticeMemory &memory)
{
    QJsonArray groups;
    for (const QList<TaskKey> &group : memory.awaitedGroups)
        groups << arrayOf(group);
    return m_file.write({{untoldSince, text(memory.untoldSince)},
                         {untoldStalls, arrayOf(memory.untoldStalls)},
                         {pausedUntil, text(memory.pausedUntil)},
                         {signInTold, arrayOf(memory.signInTold)},
                         {unreachableTold, arrayOf(memory.unreachableTold)},
                         {awaitedGroups, groups}});
}
