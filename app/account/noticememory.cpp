#include "account/noticememory.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace {

constexpr auto untoldSince = "untoldSince"_L1;
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

QSet<ServerId> servers(const QJsonObject &object, QLatin1String key)
{
    QSet<ServerId> ids;
    const QJsonArray texts = object.value(key).toArray();
    for (const QJsonValue text : texts) {
        if (const ServerId id{QUuid(text.toString())}; !id.isNull())
            ids << id;
    }
    return ids;
}

QJsonArray texts(const QSet<ServerId> &servers)
{
    QJsonArray texts;
    for (const ServerId &id : servers)
        texts << id.text();
    return texts;
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
    memory.pausedUntil = moment(content->object, pausedUntil);
    memory.signInTold = servers(content->object, signInTold);
    memory.unreachableTold = servers(content->object, unreachableTold);
    const QJsonArray groups = content->object.value(awaitedGroups).toArray();
    for (const QJsonValue group : groups) {
        QList<TaskKey> keys;
        const QJsonArray members = group.toArray();
        for (const QJsonValue member : members) {
            const TaskKey key{ServerId(QUuid(member[serverMember].toString())),
                              TaskId(member[taskMember].toString())};
            if (!key.server.isNull() && !key.task.isEmpty())
                keys << key;
        }
        if (!keys.isEmpty())
            memory.awaitedGroups << keys;
    }
    return memory;
}

tl::expected<void, QString> NoticeMemoryFile::save(const NoticeMemory &memory)
{
    QJsonArray groups;
    for (const QList<TaskKey> &group : memory.awaitedGroups) {
        QJsonArray members;
        for (const TaskKey &key : group)
            members << QJsonObject{{serverMember, key.server.text()},
                                   {taskMember, key.task.text()}};
        groups << members;
    }
    return m_file.write({{untoldSince, text(memory.untoldSince)},
                         {pausedUntil, text(memory.pausedUntil)},
                         {signInTold, texts(memory.signInTold)},
                         {unreachableTold, texts(memory.unreachableTold)},
                         {awaitedGroups, groups}});
}
