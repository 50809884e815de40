#pragma once

#include "exchange/exportformat.h"
#include "task/taskrecord.h"

#include <QList>
#include <QMap>

#include <tl/expected.hpp>

/// What a file of exported tasks holds for us.
struct ImportedTasks {
    QList<TaskRecord> records;  ///< of servers that are set up here, in the file's order
    QMap<QString, int> leftOut; ///< tasks of others, counted by server
};

/// Reads a JSON export: all of it or, when anything in it is wrong, nothing; the error is in words
/// for the operator and names the place. May take long: the file is as large as its results are.
[[nodiscard]] tl::expected<ImportedTasks, QString> readExport(const QString &path,
                                                              const NamedServers &servers);

/// How it went, for the operator. `fresh`: how many of them were not here yet.
[[nodiscard]] QString importedWords(const ImportedTasks &imported, qsizetype fresh);
