#include "tasks/taskcolumn.h"

#include <QCoreApplication>

namespace {

struct Info {
    const char *name;
    const char *title;
    int characters;
    bool numeric;
};

constexpr std::array<Info, taskColumnCount> infos{{
    {"status", QT_TRANSLATE_NOOP("TaskColumn", "Status"), 31, false},
    {"action", QT_TRANSLATE_NOOP("TaskColumn", "Action"), 22, false},
    {"label", QT_TRANSLATE_NOOP("TaskColumn", "Label"), 14, false},
    {"progress", QT_TRANSLATE_NOOP("TaskColumn", "Progress"), 20, false},
    {"current-step", QT_TRANSLATE_NOOP("TaskColumn", "Current step"), 26, false},
    {"elapsed", QT_TRANSLATE_NOOP("TaskColumn", "Elapsed"), 11, true},
    {"started", QT_TRANSLATE_NOOP("TaskColumn", "Started"), 15, true},
    {"last-change", QT_TRANSLATE_NOOP("TaskColumn", "Last change"), 13, true},
    {"server", QT_TRANSLATE_NOOP("TaskColumn", "Server"), 14, false},
    {"task-id", QT_TRANSLATE_NOOP("TaskColumn", "Task ID"), 20, false},
    {"finished", QT_TRANSLATE_NOOP("TaskColumn", "Finished"), 17, true},
    {"steps", QT_TRANSLATE_NOOP("TaskColumn", "Steps"), 10, true},
    {"summary", QT_TRANSLATE_NOOP("TaskColumn", "Summary"), 40, false},
    {"user", QT_TRANSLATE_NOOP("TaskColumn", "User"), 16, false},
    {"connection", QT_TRANSLATE_NOOP("TaskColumn", "Connection"), 18, false},
    {"checked", QT_TRANSLATE_NOOP("TaskColumn", "Checked"), 15, true},
    {"expected", QT_TRANSLATE_NOOP("TaskColumn", "Expected"), 12, true},
    {"time-left", QT_TRANSLATE_NOOP("TaskColumn", "Time left"), 14, true},
}};

const Info &info(TaskColumn column)
{
    return infos.at(std::size_t(column));
}

} // namespace

QLatin1String TaskColumnInfo::name(TaskColumn column)
{
    return QLatin1String(info(column).name);
}

QString TaskColumnInfo::title(TaskColumn column)
{
    return QCoreApplication::translate("TaskColumn", info(column).title);
}

QVariant TaskColumnInfo::header(TaskColumn column, int role)
{
    if (role == Qt::DisplayRole)
        return title(column);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter
                                   | (isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

bool TaskColumnInfo::shownByDefault(TaskColumn column)
{
    return column <= TaskColumn::TaskId;
}

int TaskColumnInfo::defaultCharacters(TaskColumn column)
{
    return info(column).characters;
}

bool TaskColumnInfo::isNumeric(TaskColumn column)
{
    return info(column).numeric;
}
