#pragma once

#include "exchange/exportformat.h"
#include "task/taskrecord.h"

#include <QByteArray>

/// Tasks for spreadsheets: CSV as RFC 4180 has it, UTF-8 with a byte order mark, because without it
/// spreadsheets guess another encoding.
namespace TaskCsv {

/// The first line, names of columns; they are never translated.
[[nodiscard]] QByteArray head();
[[nodiscard]] QByteArray row(const TaskRecord &record, const NamedServer &server);

/// Quoted where needed. What a spreadsheet would take for a formula gets an apostrophe before it,
/// because much of the text is a stranger's.
[[nodiscard]] QString cell(QString text);

} // namespace TaskCsv
