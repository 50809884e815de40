#pragma once

#include "exchange/exportformat.h"
#include "task/taskrecord.h"

#include <QList>
#include <QString>

/// Tasks for people, a line each, in columns. Nothing in it moves a terminal's cursor. Pure.
[[nodiscard]] QString keptList(const QList<TaskRecord> &records, const NamedServers &servers,
                               const QDateTime &now);
