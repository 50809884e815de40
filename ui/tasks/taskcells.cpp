#include "tasks/taskcells.h"

#include "guardian/connectionwords.h"
#include "task/taskfacts.h"
#include "task/taskstore.h"
#include "task/tasktext.h"
#include "task/taskwords.h"

#include <QCoreApplication>
#include <QTextDocument>

#include <algorithm>

using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestTip = 1'000;

QString words(const char *text)
{
    return QCoreApplication::translate("TaskCells", text);
}

/// A server's text must never be read as markup: tooltips guess.
QString plainTip(QString text)
{
    if (text.size() > longestTip)
        text = text.first(longestTip) + u'…';
    return text.isEmpty() ? QString() : Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal);
}

QString progress(const TaskRow &row)
{
    return TaskText::progress(row.percent, row.stepsDone, row.stepsTotal, row.outcome);
}

QDateTime fromEpoch(qint64 time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC);
}

qint64 checkedAt(const TaskRecord *record)
{
    return record && record->checkedAt.isValid() ? record->checkedAt.toMSecsSinceEpoch()
                                                 : TaskRow::never;
}

QString startedTip(const TaskRow &row)
{
    if (row.started == TaskRow::never)
        return {};
    return (row.startedBy ? words("Begun by %1; the server does not say when")
                          : words("Started %1"))
        .arg(TaskWords::absolute(fromEpoch(row.started)));
}

} // namespace

TaskCells::TaskCells(const TaskRows &rows, const TaskStore &store, const Clock &clock)
    : m_rows(rows)
    , m_store(store)
    , m_clock(clock)
{
}

QList<int> TaskCells::roles(TaskColumns columns)
{
    QList<int> roles{Qt::DisplayRole, Qt::ToolTipRole};
    if (columns & (bit(TaskColumn::Status) | bit(TaskColumn::Progress)))
        roles += {Qt::AccessibleTextRole, OutcomeRole, ExpiredRole};
    if (columns & bit(TaskColumn::Progress))
        roles += {PercentRole, UsualMarkRole};
    if (columns & bit(TaskColumn::Label))
        roles += Qt::EditRole;
    if (columns & bit(TaskColumn::Connection))
        roles += ConnectionRole;
    if (columns & bit(TaskColumn::Server))
        roles += ColourMarkRole;
    return roles;
}

QVariant TaskCells::data(Slot slot, TaskColumn column, int role) const
{
    const TaskRow &row = m_rows.row(slot);
    switch (role) {
    case Qt::DisplayRole:
        return text(slot, column);
    case Qt::EditRole:
        return column == TaskColumn::Label ? row.label.get() : text(slot, column);
    case Qt::ToolTipRole:
        return toolTip(slot, column);
    case Qt::AccessibleTextRole:
        return column == TaskColumn::Progress ? spokenProgress(row) : text(slot, column);
    case Qt::TextAlignmentRole:
        return TaskColumnInfo::header(column, role);
    case OutcomeRole:
        return int(row.outcome);
    case ExpiredRole:
        return row.expired;
    case PercentRole:
        return row.percent ? QVariant(*row.percent) : QVariant();
    case UsualMarkRole: {
        const auto mark = usualMark(slot, m_clock.now().wall);
        return mark ? QVariant(*mark) : QVariant();
    }
    case ConnectionRole:
        return int(m_rows.connection(slot));
    case ColourMarkRole:
        return column == TaskColumn::Server ? m_rows.serverMark(slot) : 0;
    default:
        return {};
    }
}

QString TaskCells::text(Slot slot, TaskColumn column) const
{
    const TaskRow &row = m_rows.row(slot);
    switch (column) {
    case TaskColumn::Status:
        return TaskText::status(TaskWords::word(row.outcome, row.expired),
                                {.slow = row.slow, .seen = row.acknowledged, .pinned = row.pinned});
    case TaskColumn::Action:
        return row.action();
    case TaskColumn::Label:
        return row.label;
    case TaskColumn::Progress:
        return progress(row);
    case TaskColumn::CurrentStep:
        return row.currentStep();
    case TaskColumn::Elapsed:
    case TaskColumn::LastChange:
    case TaskColumn::Checked:
    case TaskColumn::TimeLeft:
    case TaskColumn::Summary:
        return passing(slot, column, m_clock.now().wall);
    case TaskColumn::Started:
        return started(row);
    case TaskColumn::Server:
        return m_rows.serverName(slot);
    case TaskColumn::TaskId:
        return row.key.task.text();
    case TaskColumn::Finished:
        return moment(row.finished);
    case TaskColumn::Steps:
        return TaskText::steps(row.stepsDone, row.stepsTotal);
    case TaskColumn::User:
        return row.user();
    case TaskColumn::Tags:
        return row.tags;
    case TaskColumn::Note:
        return row.note;
    case TaskColumn::Connection:
        return ConnectionWords::word(m_rows.connection(slot));
    case TaskColumn::Expected:
        return TaskText::expected(row.stepsExpected);
    }
    return {};
}

QString TaskCells::passing(Slot slot, TaskColumn column, const QDateTime &now) const
{
    const TaskRow &row = m_rows.row(slot);
    const TaskRecord *record = m_store.find(row.key);
    if (column == TaskColumn::Elapsed) {
        const auto past = record ? TaskFacts::span(*record, now) : std::nullopt;
        return TaskWords::span(past,
                               isOpen(row.outcome) ? TaskWords::ticking : TaskWords::duration);
    }
    if (column == TaskColumn::Summary)
        return m_rows.summary(row);
    if (column == TaskColumn::TimeLeft) {
        const auto rest = m_rows.remaining(row.key, now);
        return rest ? TaskWords::range(*rest) : QString();
    }
    const qint64 since = column == TaskColumn::LastChange ? row.changed : checkedAt(record);
    return since == TaskRow::never
               ? QString()
               : TaskText::ago(milliseconds(std::max<qint64>(0, now.toMSecsSinceEpoch() - since)));
}

std::optional<double> TaskCells::usualMark(Slot slot, const QDateTime &now) const
{
    const TaskRow &row = m_rows.row(slot);
    const TaskRecord *record = TaskFacts::goesOn(row.outcome) ? m_store.find(row.key) : nullptr;
    const auto usual = record ? m_store.baselines().run(*record) : std::nullopt;
    const auto elapsed = usual ? TaskFacts::elapsed(*record, now) : std::nullopt;
    return elapsed ? std::optional(Baseline::expectedProgress(*usual, *elapsed)) : std::nullopt;
}

QString TaskCells::moment(qint64 time) const
{
    return time == TaskRow::never
               ? QString()
               : TaskText::moment(fromEpoch(time), m_clock.now().wall.toLocalTime().date());
}

QString TaskCells::started(const TaskRow &row) const
{
    return row.started == TaskRow::never
               ? QString()
               : TaskText::started(fromEpoch(row.started), row.startedBy,
                                   m_clock.now().wall.toLocalTime().date());
}

QString TaskCells::spokenProgress(const TaskRow &row) const
{
    if (row.percent)
        return QCoreApplication::translate("TaskCells", "%n percent", nullptr, *row.percent);
    const QString step = progress(row);
    return step.isEmpty() ? words("progress unknown") : words("progress unknown, %1").arg(step);
}

QString TaskCells::toolTip(Slot slot, TaskColumn column) const
{
    const TaskRow &row = m_rows.row(slot);
    const TaskRecord *record = m_store.find(row.key);
    const auto absolute = [](qint64 time) {
        return time == TaskRow::never ? QString() : plainTip(TaskWords::absolute(fromEpoch(time)));
    };
    switch (column) {
    case TaskColumn::Status:
        return record ? plainTip(statusTip(*record)) : QString();
    case TaskColumn::Label:
        return row.label.isEmpty() ? plainTip(words("Press F2 to name this task.")) : QString();
    case TaskColumn::Summary:
        return row.outcome == Outcome::CompletedWithProblems && record && record->snapshot
                   ? plainTip(row.summary + u'\n'
                              + words("Judged by: %1").arg(record->snapshot->verdict.rule))
                   : QString(); // as of those below
    case TaskColumn::Progress:
        return plainTip(
            QStringList{text(slot, TaskColumn::Summary), usualTip(slot)}.join(u'\n').trimmed());
    case TaskColumn::Elapsed:
        return plainTip(QStringList{startedTip(row), usualTip(slot)}.join(u'\n').trimmed());
    case TaskColumn::TimeLeft:
        return plainTip(usualTip(slot));
    case TaskColumn::Started:
        return row.startedBy ? plainTip(startedTip(row)) : absolute(row.started);
    case TaskColumn::LastChange:
        return absolute(row.changed);
    case TaskColumn::Finished:
        return absolute(row.finished);
    case TaskColumn::Checked:
        return absolute(checkedAt(record));
    case TaskColumn::Connection:
        return plainTip(connectionTip(slot));
    case TaskColumn::Action:
    case TaskColumn::CurrentStep:
    case TaskColumn::Server:
    case TaskColumn::TaskId:
    case TaskColumn::Steps:
    case TaskColumn::User:
    case TaskColumn::Expected:
    case TaskColumn::Tags:
    case TaskColumn::Note:
        return {}; // the delegate shows the whole text where it is cut
    }
    return {};
}

QString TaskCells::statusTip(const TaskRecord &record) const
{
    QStringList lines;
    if (record.outcome == Outcome::Stalled)
        lines += TaskText::standstill(record, m_store.baselines());
    lines += TaskWords::explanation(record);
    if (record.acknowledged && needsAttention(record.outcome))
        lines += words("Acknowledged: it is out of Needs attention. Space takes that back.");
    if (record.pinned)
        lines += words("Pinned: it is kept, whatever its age.");
    if (const auto lost = TaskFacts::lostAt(record))
        lines += TaskWords::lost(TaskWords::absolute(*lost));
    return lines.join(u'\n');
}

/// What is usual of such tasks, in sentences; empty with too few.
QString TaskCells::usualTip(Slot slot) const
{
    const TaskRow &row = m_rows.row(slot);
    const TaskRecord *record = m_store.find(row.key);
    const auto usual = record ? m_store.baselines().run(*record) : std::nullopt;
    if (!usual)
        return {};
    QStringList lines{words("Such a task takes %1.").arg(TaskWords::usually(*usual))};
    if (const auto rest = m_rows.remaining(row.key, m_clock.now().wall))
        lines += words("About %1 left.").arg(TaskWords::range(*rest));
    if (row.slow)
        lines += words("Slower than usual: nine of ten took at most %1.")
                     .arg(TaskWords::longDuration(usual->ninetieth));
    if (usualMark(slot, m_clock.now().wall))
        lines += words("The thin mark is where a usual one would be by now.");
    return lines.join(u'\n');
}

QString TaskCells::connectionTip(Slot slot) const
{
    const TaskRow &row = m_rows.row(slot);
    if (row.paused)
        return words("Paused: this task is not asked for until you resume it.");
    const ConnectionStatus status = m_rows.connectionOf(row.key.server);
    QStringList lines{ConnectionWords::word(status.state), ConnectionWords::explanation(status)};
    if (status.until)
        lines += words("Asked again at %1").arg(TaskWords::absolute(*status.until));
    lines.removeAll(QString());
    return lines.join(u'\n');
}
