#include "task/polllog.h"

#include "task/advance.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

using namespace std::chrono;

QString PollLogEntry::words() const
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("PollLog", text); };
    if (error)
        return describe(*error).headline;
    if (unchanged)
        return tr("No change");
    switch (phase) {
    case TaskPhase::Waiting:
        return tr("Waiting");
    case TaskPhase::Running:
        return tr("Running");
    case TaskPhase::Completed:
        return tr("Completed");
    case TaskPhase::Failed:
        return tr("Failed");
    }
    Q_UNREACHABLE();
    return {};
}

void PollLog::append(const QList<PollOutcome> &outcomes)
{
    for (const PollOutcome &outcome : outcomes) {
        PollLines &task = m_tasks[outcome.key];
        const PollLine line = lineOf(outcome, task.isForeign());
        task.append(line, perTask);
        std::deque<ServerLine> &server = m_servers[outcome.key.server];
        if (server.size() >= perServer)
            server.pop_front();
        server.push_back({outcome.key.task, line});
    }
}

QList<PollLogEntry> PollLog::entries(const TaskKey &key) const
{
    QList<PollLogEntry> entries;
    const auto found = m_tasks.constFind(key);
    if (found == m_tasks.cend())
        return entries;
    const std::vector<PollLine> lines = found->all();
    entries.reserve(static_cast<qsizetype>(lines.size()));
    for (const PollLine &line : lines)
        entries.append(entryOf(key, line));
    return entries;
}

QList<PollLogEntry> PollLog::serverEntries(const ServerId &server) const
{
    QList<PollLogEntry> entries;
    const auto found = m_servers.constFind(server);
    if (found == m_servers.cend())
        return entries;
    entries.reserve(static_cast<qsizetype>(found->size()));
    for (const ServerLine &line : *found)
        entries.append(entryOf({server, line.task}, line.line));
    return entries;
}

void PollLog::forget(const QList<TaskKey> &keys)
{
    for (const TaskKey &key : keys)
        m_tasks.remove(key);
}

PollLine PollLog::lineOf(const PollOutcome &outcome, bool foreign)
{
    PollLine line;
    line.foreign = foreign;
    line.at = outcome.answeredAt.wall.toMSecsSinceEpoch();
    line.duration = static_cast<qint32>(
        std::clamp<qint64>(outcome.duration.count(), 0, std::numeric_limits<qint32>::max()));
    line.httpStatus = static_cast<qint16>(std::clamp(outcome.httpStatus, 0, 999));
    if (!outcome.answer) {
        line.trouble = new PollLine::Trouble(outcome.answer.error());
    } else if (const auto *snapshot =
                   std::get_if<std::shared_ptr<const TaskSnapshot>>(&*outcome.answer)) {
        const QString other = foreignTask(outcome);
        line.foreign = !other.isEmpty();
        if (line.foreign)
            line.trouble = new PollLine::Trouble(foreignAnswer(other));
        else if (*snapshot)
            line.phase = static_cast<qint8>((*snapshot)->phase);
    } else if (line.foreign) { // the same bytes again
        line.trouble = new PollLine::Trouble(foreignAnswer({}));
    } else {
        line.phase = PollLine::unchanged;
    }
    return line;
}

PollLogEntry PollLog::entryOf(TaskKey key, const PollLine &line)
{
    PollLogEntry entry;
    entry.key = std::move(key);
    entry.at = QDateTime::fromMSecsSinceEpoch(line.at, Qt::UTC);
    entry.duration = milliseconds{line.duration};
    entry.httpStatus = line.httpStatus;
    entry.unchanged = line.phase == PollLine::unchanged;
    if (!entry.unchanged)
        entry.phase = static_cast<TaskPhase>(line.phase);
    if (line.trouble)
        entry.error = line.trouble->error;
    return entry;
}
