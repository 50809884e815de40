#include "tasks/tablelayout.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr int version = 1;
constexpr int narrowest = 24;
constexpr int widest = 4'000;

std::optional<TaskColumn> columnNamed(const QString &name)
{
    for (int i = 0; i < taskColumnCount; ++i)
        if (TaskColumnInfo::name(TaskColumn(i)) == name)
            return TaskColumn(i);
    return std::nullopt;
}

bool has(const TableLayout &layout, TaskColumn column)
{
    return std::any_of(layout.columns.begin(), layout.columns.end(),
                       [column](const auto &each) { return each.column == column; });
}

} // namespace

TableLayout defaultLayout(int characterWidth)
{
    TableLayout layout;
    for (int i = 0; i < taskColumnCount; ++i) {
        const auto column = TaskColumn(i);
        layout.columns.append({column, TaskColumnInfo::defaultCharacters(column) * characterWidth,
                               TaskColumnInfo::shownByDefault(column)});
    }
    return layout;
}

QByteArray layoutToBytes(const TableLayout &layout)
{
    QJsonArray columns;
    for (const TableLayout::Column &each : layout.columns)
        columns.append(QJsonObject{{u"name"_s, QString(TaskColumnInfo::name(each.column))},
                                   {u"width"_s, each.width},
                                   {u"shown"_s, each.shown}});
    return QJsonDocument(QJsonObject{{u"version"_s, version},
                                     {u"columns"_s, columns},
                                     {u"sort"_s, QString(TaskColumnInfo::name(layout.sortColumn))},
                                     {u"descending"_s, layout.sortOrder == Qt::DescendingOrder}})
        .toJson(QJsonDocument::Compact);
}

std::optional<TableLayout> layoutFromBytes(const QByteArray &bytes, const TableLayout &fallback)
{
    const QJsonObject json = QJsonDocument::fromJson(bytes).object();
    if (json["version"_L1].toInt() != version)
        return std::nullopt;
    TableLayout layout;
    const QJsonArray columns = json["columns"_L1].toArray();
    for (const QJsonValue value : columns) {
        const auto column = columnNamed(value["name"_L1].toString());
        if (!column || has(layout, *column))
            continue;
        layout.columns.append({*column, std::clamp(value["width"_L1].toInt(), narrowest, widest),
                               value["shown"_L1].toBool()});
    }
    const bool showsAny = std::any_of(layout.columns.begin(), layout.columns.end(),
                                      [](const auto &each) { return each.shown; });
    if (!showsAny)
        return std::nullopt;
    for (TableLayout::Column missing : fallback.columns) {
        missing.shown = false;
        if (!has(layout, missing.column))
            layout.columns.append(missing);
    }
    layout.sortColumn = columnNamed(json["sort"_L1].toString()).value_or(fallback.sortColumn);
    layout.sortOrder = json["descending"_L1].toBool() ? Qt::DescendingOrder : Qt::AscendingOrder;
    return layout;
}
