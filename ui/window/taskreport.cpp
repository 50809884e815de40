#include "window/taskreport.h"

#include "task/taskfacts.h"
#include "task/taskwords.h"
#include "tasks/taskrow.h"

#include <QCoreApplication>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TaskReport)
};

/// A report is read by people: of a task with thousands of steps, the first say enough.
constexpr int stepLimit = 200;

QString stepWord(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return Words::tr("waiting");
    case StepState::Running:
        return Words::tr("running");
    case StepState::Completed:
        return Words::tr("completed");
    case StepState::Failed:
        return Words::tr("failed");
    case StepState::Skipped:
        return Words::tr("skipped");
    case StepState::Info:
        return Words::tr("remark");
    }
    Q_UNREACHABLE();
}

void addSteps(QStringList &lines, const std::vector<TaskStep> &steps, int depth, int &room)
{
    for (const TaskStep &step : steps) {
        if (--room < 0)
            return;
        QString line = QString((depth + 1) * 2, QLatin1Char(' ')) + step.name
                       + QStringLiteral(": ") + stepWord(step.state);
        if (step.startedAt && step.finishedAt) {
            line += QStringLiteral(", ")
                    + TaskWords::duration(
                        std::chrono::milliseconds(step.startedAt->msecsTo(*step.finishedAt)));
        }
        lines << line;
        addSteps(lines, step.steps, depth + 1, room);
    }
}

void addError(QStringList &lines, const TaskError &error)
{
    const QString what = error.message.isEmpty() ? QString::fromUtf8(error.details) : error.message;
    lines << (error.code.isEmpty() ? Words::tr("Error: %1").arg(what)
                                   : Words::tr("Error %1: %2").arg(error.code, what));
}

void addTimes(QStringList &lines, const TaskRecord &record, const QDateTime &now)
{
    if (const auto started = TaskFacts::startedAt(record))
        lines << Words::tr("Started: %1").arg(TaskText::absolute(*started));
    if (const auto finished = TaskFacts::finishedAt(record))
        lines << Words::tr("Finished: %1").arg(TaskText::absolute(*finished));
    if (const auto took = TaskFacts::elapsed(record, now))
        lines << Words::tr("Duration: %1").arg(TaskWords::duration(*took));
}

} // namespace

QString taskReport(const TaskRecord &record, const QString &server, const QDateTime &now)
{
    QStringList lines;
    const QString action = record.snapshot ? record.snapshot->action : QString();
    QString head = action.isEmpty() ? Words::tr("Task") : action;
    if (!record.label.isEmpty())
        head += QStringLiteral(" · ") + record.label;
    lines << head;
    const QString summary = TaskWords::summary(record);
    const QString word = TaskWords::word(record.outcome, record.expired);
    lines << Words::tr("State: %1").arg(summary.isEmpty() ? word
                                                          : word + QStringLiteral(" – ") + summary);
    addTimes(lines, record, now);
    if (record.snapshot) {
        if (record.snapshot->error)
            addError(lines, *record.snapshot->error);
        for (const QString &problem : record.snapshot->verdict.problems)
            lines << QStringLiteral("  ") + problem;
        if (!record.snapshot->steps.empty()) {
            lines << Words::tr("Steps:");
            int room = stepLimit;
            addSteps(lines, record.snapshot->steps, 0, room);
            if (room < 0)
                lines << Words::tr("  … and more");
        }
    }
    lines << Words::tr("Task: %1").arg(record.key.task.text());
    lines << Words::tr("Server: %1").arg(server);
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}
