#pragma once

#include <QByteArrayView>
#include <QDateTime>

#include <tl/expected.hpp>

class QSqlDatabase;
class QSqlError;

/// The shape of history.db, and the ways from its older shapes to today's.
namespace HistorySchema {
inline constexpr int currentVersion = 6; ///< PRAGMA user_version
/// Before, replies were kept with their secrets.
inline constexpr int maskedSince = 4;
inline constexpr int applicationId = 0x54617377; ///< PRAGMA application_id, "Tasw"

enum class Identity {
    Empty,   ///< nothing in it yet
    Ours,    ///< of this version or an older one
    Newer,   ///< ours, of a later version
    Foreign, ///< another program's database
    Damaged, ///< no database at all
};

/// By the first 100 bytes of the file (SQLite's file format, section 1.3), so that another
/// program's file is not even opened. Empty bytes: an empty file.
[[nodiscard]] Identity identify(QByteArrayView header);
/// By asking the open database, whose header may still be in its journal.
[[nodiscard]] tl::expected<Identity, QSqlError> identify(const QSqlDatabase &database);
/// Brings an Empty or Ours database to the current version, each step in a transaction of its own.
/// `now`: so that what takes long and may fail is tried once a day.
[[nodiscard]] tl::expected<void, QSqlError> migrate(const QSqlDatabase &database,
                                                    const QDateTime &now);
} // namespace HistorySchema
