#include "history/usualfile.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace {

constexpr auto tasksMember = "tasks"_L1;
constexpr auto serverMember = "server"_L1;
constexpr auto taskMember = "task"_L1;
constexpr auto actionMember = "action"_L1;
constexpr auto runMember = "run"_L1; // durations: ms
constexpr auto stepsMember = "steps"_L1;
constexpr auto nameMember = "name"_L1;
constexpr auto tookMember = "took"_L1;

/// Absent for what no run can have taken.
std::optional<Baseline::Duration> durationIn(const QJsonValue &value)
{
    const qint64 ms = value.toInteger();
    return ms > 0 ? std::optional(Baseline::Duration(ms)) : std::nullopt;
}

QJsonObject objectOf(const Baselines::Lesson &lesson)
{
    QJsonObject object{{serverMember, lesson.key.server.text()},
                       {taskMember, lesson.key.task.text()},
                       {actionMember, lesson.action}};
    if (lesson.run)
        object.insert(runMember, qint64(lesson.run->count()));
    QJsonArray steps;
    for (const auto &[name, took] : lesson.steps)
        steps << QJsonObject{{nameMember, name}, {tookMember, qint64(took.count())}};
    object.insert(stepsMember, steps);
    return object;
}

Baselines::Lesson lessonIn(const QJsonValue &value)
{
    Baselines::Lesson lesson{
        {ServerId(QUuid(value[serverMember].toString())), TaskId(value[taskMember].toString())},
        value[actionMember].toString(),
        durationIn(value[runMember]),
        {}};
    const QJsonArray steps = value[stepsMember].toArray();
    for (const QJsonValue step : steps) {
        if (const auto took = durationIn(step[tookMember]))
            lesson.steps.emplace_back(step[nameMember].toString(), *took);
    }
    return lesson;
}

} // namespace

UsualFile::UsualFile(const QString &dataFolder, const Clock &clock, JsonFile::Damaged damaged)
    : m_file(dataFolder + u"/usual.json"_s, 1, clock, damaged)
{
}

tl::expected<UsualFile::Lessons, QString> UsualFile::load()
{
    const auto content = m_file.read();
    if (!content)
        return tl::unexpected(content.error());
    Lessons lessons;
    const QJsonArray tasks = content->object.value(tasksMember).toArray();
    lessons.reserve(static_cast<std::size_t>(tasks.size()));
    for (const QJsonValue task : tasks) {
        Baselines::Lesson lesson = lessonIn(task);
        const bool isNamed =
            !lesson.key.server.isNull() && !lesson.key.task.isEmpty() && !lesson.action.isEmpty();
        if (isNamed && (lesson.run || !lesson.steps.empty()))
            lessons.push_back(std::move(lesson));
    }
    return lessons;
}

tl::expected<void, QString> UsualFile::save(const Lessons &lessons)
{
    QJsonArray tasks;
    for (const Baselines::Lesson &lesson : lessons)
        tasks << objectOf(lesson);
    return m_file.write({{tasksMember, tasks}});
}
