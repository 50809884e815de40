#pragma once

#include "history/historyrows.h"
#include "task/taskrecord.h"

#include <QLatin1String>

#include <array>
#include <limits>
#include <string_view>

/// What historyrows.cpp writes and historyrestoring.cpp reads: the columns of the table `task`.
namespace HistoryColumns {
using HistoryRows::Columns;

enum class Form {
    Flag,     ///< of them and of the outcomes, select() makes one number
    RareFlag, ///< that most tasks lack: those without any are told fast
    Outcome,  ///< its word, or NULL
    Text,     ///< comes as its bytes: SQLite's own way to UTF-16 is slow
    Time,
    Span, ///< in ms; NULL for none; in the flags' number, too
    Rare, ///< texts that most tasks lack: together they come as one, which is NULL without any
    Sum,  ///< of all these; NULL: of a version that knew none
};
/// In the order in which valuesOf() gives them, and those of each form are taken by restore(): what
/// a row costs grows with the number of values that Qt takes out of it.
/// `fallback` is SQL.
struct Column {
    const char *name;
    const char *fallback;
    Form form;
};
inline constexpr std::array<Column, 21> columns{
    {{"server", "''", Form::Text},       {"task", "''", Form::Text},
     {"label", "''", Form::Rare},        {"paused", "0", Form::RareFlag},
     {"outcome", "''", Form::Outcome},   {"expired", "0", Form::RareFlag},
     {"confirmed", "0", Form::Flag},     {"watched_since", "NULL", Form::Time},
     {"changed_at", "NULL", Form::Time}, {"checked_at", "NULL", Form::Time},
     {"ended_at", "NULL", Form::Time},   {"end_witnessed", "0", Form::Flag},
     {"note", "''", Form::Rare},         {"tags", "''", Form::Rare},
     {"pinned", "0", Form::RareFlag},    {"muted", "0", Form::RareFlag},
     {"acknowledged", "0", Form::Flag},  {"notified", "NULL", Form::Outcome},
     {"troubles", "''", Form::Rare},     {"quiet_ms", "NULL", Form::Span},
     {"task_sum", "NULL", Form::Sum}}};
constexpr int countOf(Form form)
{
    int count = 0;
    for (const Column &column : columns)
        count += int(column.form == form);
    return count;
}
constexpr Columns columnOf(std::string_view name)
{
    Columns bit = 1;
    for (const Column &column : columns) {
        if (column.name == name)
            break;
        bit <<= 1U;
    }
    return bit;
}
inline constexpr auto hasWords = QLatin1StringView("has_words"); ///< a flag, too: the first
/// Where what select() gives is: what is made of the rare texts comes after the columns with a
/// value of their own, and those of the reply come last.
inline constexpr int idAt = 0;
inline constexpr int flagsAt = 1;
inline constexpr int columnsAt = 2;
inline constexpr int rareAt =
    columnsAt + countOf(Form::Text) + countOf(Form::Time) + countOf(Form::Sum);
inline constexpr int replyAt = rareAt + 1;
inline constexpr int outcomeBit = 8; ///< after the flags
inline constexpr int outcomeBits = 4;
inline constexpr int spanBit = outcomeBit + 2 * outcomeBits;
inline constexpr int outcomeMask = (1 << outcomeBits) - 1; ///< and what stands for none
inline constexpr int oddOutcome = outcomeMask - 1;         ///< no word of ours
static_assert(int(Outcome::Unreadable) < oddOutcome);
/// In the number that is made of a reply's three; the first is `compressed`.
inline constexpr int statusBit = 4;
inline constexpr int durationBit = 20;

/// Of years that are written with four digits.
inline constexpr qint64 firstMs = -62'135'596'800'000;
inline constexpr qint64 lastMs = 253'402'300'799'999;
inline constexpr quint64 noTime = quint64(std::numeric_limits<qint64>::min());

} // namespace HistoryColumns
