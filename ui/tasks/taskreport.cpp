#include "tasks/taskreport.h"

#include "task/taskfacts.h"
#include "task/taskwords.h"
#include "tasks/taskrow.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace {

struct Report {
    Q_DECLARE_TR_FUNCTIONS(TaskReport)
};

QString heading(const TaskRecord &record)
{
    const QString action = record.snapshot && !record.snapshot->action.isEmpty()
                               ? record.snapshot->action
                               : Report::tr("Task");
    return record.label.isEmpty() ? action : action + u" · "_s + record.label;
}

QString block(const TaskRecord &record, const QString &serverName, const QDateTime &now)
{
    const TaskRow row = makeTaskRow(record);
    QStringList lines{heading(record).simplified()};
    const auto line = [&lines](const QString &name, const QString &value) {
        if (!value.isEmpty())
            lines.append(u"  "_s + name + u": "_s + value.simplified());
    };
    const auto moment = [](const std::optional<QDateTime> &at) {
        return at ? TaskText::absolute(*at) : QString();
    };
    const auto length = TaskFacts::elapsed(record, now);
    line(Report::tr("Status"), TaskWords::word(record.outcome, record.expired));
    line(Report::tr("Summary"), row.summary);
    line(Report::tr("Error"), row.error);
    line(Report::tr("Step"), row.currentStep);
    line(Report::tr("Progress"), TaskText::progress(row));
    line(Report::tr("Started"), moment(TaskFacts::startedAt(record)));
    line(Report::tr("Finished"), moment(TaskFacts::finishedAt(record)));
    line(Report::tr("Elapsed"), length ? TaskWords::longDuration(*length) : QString());
    line(Report::tr("Server"), serverName);
    line(Report::tr("User"), row.user);
    line(Report::tr("Task ID"), record.key.task.text());
    return lines.join(u'\n') + u'\n';
}

} // namespace

QString TaskReport::ids(const QList<TaskKey> &keys)
{
    QStringList lines;
    for (const TaskKey &key : keys)
        lines.append(key.task.text());
    return lines.join(u'\n');
}

QString TaskReport::text(const QList<TaskRecord> &records,
                         const QHash<ServerId, QString> &serverNames, const QDateTime &now)
{
    QStringList blocks;
    for (const TaskRecord &record : records)
        blocks.append(block(record, serverNames.value(record.key.server), now));
    return blocks.join(u'\n');
}
