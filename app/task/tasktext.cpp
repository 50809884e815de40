#include "task/tasktext.h"

#include "task/taskfacts.h"
#include "task/taskwords.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TaskText)
};

bool isUnderWay(const std::vector<TaskStep> &steps, const QString &name)
{
    return std::any_of(steps.begin(), steps.end(), [&name](const TaskStep &step) {
        return (step.state == StepState::Running && step.name == name)
               || isUnderWay(step.steps, name);
    });
}

} // namespace

QString TaskText::status(const QString &word, const Marks &marks)
{
    if (marks.slow)
        return Words::tr("%1 · slower than usual").arg(word);
    if (marks.seen)
        return Words::tr("%1 · seen").arg(word);
    return marks.pinned ? Words::tr("%1 · pinned").arg(word) : word;
}

QString TaskText::ago(std::chrono::milliseconds past)
{
    using std::chrono::duration_cast;
    const auto text = [](const char *pattern, qint64 number) {
        return Words::tr(pattern, nullptr, int(number));
    };
    const auto seconds = duration_cast<std::chrono::seconds>(past).count();
    if (seconds < 1)
        return Words::tr("now");
    if (seconds < 60)
        return text(QT_TRANSLATE_NOOP("TaskText", "%n s ago"), seconds);
    if (seconds < 3600)
        return text(QT_TRANSLATE_NOOP("TaskText", "%n min ago"), seconds / 60);
    if (seconds < 48 * 3600)
        return text(QT_TRANSLATE_NOOP("TaskText", "%n h ago"), seconds / 3600);
    return text(QT_TRANSLATE_NOOP("TaskText", "%n days ago"), seconds / 86'400);
}

QString TaskText::moment(const QDateTime &at, const QDate &today)
{
    if (!at.isValid())
        return {};
    // Each look at the zone asks the file system whether it is still the same.
    const QDateTime local = at.toLocalTime();
    const QDate date = local.date();
    const QLocale locale;
    QString time = locale.toString(local.time(), QLocale::ShortFormat);
    if (date == today)
        return time;
    if (date.year() == today.year())
        return locale.toString(date, Words::tr("d MMM")) + u' ' + time;
    return locale.toString(date, Words::tr("d MMM yyyy"));
}

QString TaskText::started(const QDateTime &at, bool isBy, const QDate &today)
{
    const QString text = moment(at, today);
    return isBy && !text.isEmpty() ? Words::tr("by %1", "a moment").arg(text) : text;
}

std::optional<int> TaskText::percent(const TaskRecord &record)
{
    const bool isDone =
        record.outcome == Outcome::Completed || record.outcome == Outcome::CompletedWithProblems;
    return isDone ? 100 : TaskFacts::percent(record);
}

QString TaskText::progress(const std::optional<int> &percent, int stepsDone, int stepsTotal,
                           Outcome outcome)
{
    if (percent)
        return Words::tr("%1%").arg(*percent);
    const bool hasSteps = stepsDone > 0 || stepsTotal > 0;
    if (!hasSteps || !isOpen(outcome))
        return {};
    const int current = stepsDone + 1;
    return Words::tr("step %1").arg(stepsTotal > 0 ? std::min(current, stepsTotal) : current);
}

QString TaskText::steps(int done, int total)
{
    if (total == 0)
        return done == 0 ? QString() : QString::number(done);
    return Words::tr("%1 of %2").arg(QString::number(done), QString::number(total));
}

QString TaskText::expected(int steps)
{
    return steps == 0 ? QString() : Words::tr("%n steps", nullptr, steps);
}

QString TaskText::standstill(const TaskRecord &record, const Baselines &baselines)
{
    // The documented dialect names the last step that was done, and nobody knows the next.
    const TaskSnapshot *snapshot = record.snapshot.get();
    const bool runs = snapshot && isUnderWay(snapshot->steps, snapshot->currentStep);
    return TaskWords::standstill(record, runs ? baselines.step(record, snapshot->currentStep)
                                              : std::nullopt);
}
