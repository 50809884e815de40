#pragma once

#include "tasks/taskcolumn.h"

#include <QByteArray>
#include <QList>

#include <optional>

/// How somebody arranged the table: columns from left to right, and the sorting.
struct TableLayout {
    struct Column {
        TaskColumn column = TaskColumn::Status;
        int width = 0; ///< px
        bool shown = true;

        friend bool operator==(const Column &, const Column &) = default;
    };
    QList<Column> columns; ///< each exactly once
    TaskColumn sortColumn = TaskColumn::Started;
    Qt::SortOrder sortOrder = Qt::DescendingOrder;

    friend bool operator==(const TableLayout &, const TableLayout &) = default;
};

/// As shipped; `characterWidth` in px.
[[nodiscard]] TableLayout defaultLayout(int characterWidth);

/// Versioned, by the columns' names: layouts of older and newer programs can be read.
[[nodiscard]] QByteArray layoutToBytes(const TableLayout &layout);

/// Absent for what is damaged, of another version or shows no column. Columns that are missing come
/// last and hidden, with their widths in `fallback`.
[[nodiscard]] std::optional<TableLayout> layoutFromBytes(const QByteArray &bytes,
                                                         const TableLayout &fallback);
