#pragma once

#include "history/historychange.h"
#include "history/historyerror.h"

#include <QHash>
#include <QList>
#include <QString>

#include <memory>

class QSqlQuery;

/// The history's file: SQLite, one connection, for one thread. Does not wait for more than 2 s.
class HistoryDatabase
{
public:
    HistoryDatabase(QString file, HistoryFunctions functions);
    ~HistoryDatabase();
    Q_DISABLE_COPY_MOVE(HistoryDatabase)

    /// Makes, opens, checks and migrates the file. After Damaged (set aside) it is open all the
    /// same, after ReadOnly for reading; after anything else it is not. `now` names a file set
    /// aside.
    [[nodiscard]] tl::expected<void, HistoryError> open(const QDateTime &now);
    /// For who only looks, also while another instance writes: nothing is made, migrated or set
    /// aside.
    [[nodiscard]] tl::expected<void, HistoryError> openToRead();
    /// Whether somebody else has the file open now. For who would write behind a window's back.
    [[nodiscard]] bool isInUse() const;
    void close();
    [[nodiscard]] bool isReadable() const { return m_access != Access::None; }
    [[nodiscard]] bool isWritable() const { return m_access == Access::Full; }

    struct Chunk {
        QList<TaskRecord> records;
        qint64 lastRow = 0;
        bool last = true;
        bool whole = true; ///< false: a row names no task and was left out
    };
    /// The tasks after row `afterRow`, at most `limit`, in the order in which they were first kept.
    /// A reply that cannot be read any more becomes the record's `strangeReply`.
    [[nodiscard]] tl::expected<Chunk, HistoryError> load(qint64 afterRow, int limit);
    /// All or nothing. A reply that is known to be stored is not written again.
    [[nodiscard]] tl::expected<void, HistoryError> write(const QList<HistoryChange> &changes);

private:
    enum class Access { None, Read, Full };
    struct Connection;

    [[nodiscard]] tl::expected<void, HistoryError> openOnce();
    [[nodiscard]] tl::expected<void, HistoryError> openConnection(bool readOnly);
    [[nodiscard]] tl::expected<void, HistoryError> openSetAside(const HistoryError &damage,
                                                                const QDateTime &now);
    [[nodiscard]] HistoryError error(HistoryError::Kind kind, const QString &detail = {}) const;
    [[nodiscard]] std::optional<TaskRecord> restore(const QSqlQuery &row);
    void restoreReply(const QSqlQuery &row, TaskRecord &record);
    [[nodiscard]] bool writeOne(const HistoryChange &change);
    [[nodiscard]] bool writeReply(qint64 row, const TaskRecord &record);

    QString m_file;
    HistoryFunctions m_functions;
    Access m_access = Access::None;
    std::unique_ptr<Connection> m_connection;
    /// The replies that are in the file, as long as somebody holds them.
    QHash<TaskKey, std::weak_ptr<const ReplyData>> m_stored;
};
