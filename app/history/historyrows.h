#pragma once

#include "base/textpool.h"
#include "history/historychange.h"

#include <QStringList>
#include <QVariantList>

#include <memory>

class ContentSum;
class QSqlDatabase;
class QSqlQuery;

/// How a task lies in the history's tables.
namespace HistoryRows {

/// Columns of a task, a bit each in the order of valuesOf().
using Columns = quint32;

/// Writes a task and returns its row: values as valuesOf() gives them. Where there is one already,
/// its `spared` columns stay as they are.
[[nodiscard]] QString upsert(Columns spared = 0);
[[nodiscard]] QVariantList valuesOf(const TaskRecord &record);
/// In which values are equal.
[[nodiscard]] Columns equalColumns(const QVariantList &a, const QVariantList &b);

/// Reads tasks with their replies, for restore(). `columns`: what the table `task` has; what it
/// lacks, because the file is of an older version, takes its default.
[[nodiscard]] QString select(const QStringList &columns, bool withReply = true);
[[nodiscard]] QStringList columnsOf(const QSqlDatabase &database);

/// Reads the answers that nobody could read, of the tasks in rows after the first value up to the
/// second, for restoredStrange(). None in a file of an older version.
[[nodiscard]] QString selectStrange(const QSqlDatabase &database);
struct Strange {
    qint64 id = 0; ///< the task's row
    std::shared_ptr<const ReplyData> reply;
    bool isWhole = true; ///< else it is not as it was kept
};
[[nodiscard]] Strange restoredStrange(const QSqlQuery &row);

struct Row {
    qint64 id = 0;
    bool isTask = false;      ///< else the row names none
    bool hasWords = false;    ///< the search knows it
    bool hasFacts = false;    ///< there was no need to read the reply again
    bool hasSum = false;      ///< else an older version of the program wrote it
    qint64 sum = 0;           ///< of what was read, but for the reply
    bool isWhole = true;      ///< else something in the task, or in
    bool isReplyWhole = true; ///< its reply, is not as it was kept
    Columns unread = 0;       ///< have a value that nobody understands
};

/// Makes records of the rows that a select() gives, one after the other.
class Restoring
{
public:
    /// The functions must outlive it.
    explicit Restoring(const HistoryFunctions &functions)
        : m_functions(functions)
        , m_rules(functions.rules ? functions.rules() : SecretRules())
    {
    }
    /// Into a fresh record, which is given so that none is moved. A reply that cannot be read any
    /// more becomes its `strangeReply`; one that does not unpack is left out.
    [[nodiscard]] Row restore(const QSqlQuery &row, TaskRecord &record);

private:
    /// `numbers`: the first of its values.
    void restoreReply(const QSqlQuery &row, qint64 numbers, Row &restored, TaskRecord &record);

    const HistoryFunctions &m_functions;
    const SecretRules m_rules; ///< in force
    TextPool m_texts;
    ServerId m_server; ///< the last, which most likely is the next
    QByteArray m_serverText;
    qint64 m_ms = 0; ///< of m_time: the last, too
    QDateTime m_time = QDateTime::fromMSecsSinceEpoch(m_ms, Qt::UTC);
};

/// Invalid for NULL.
[[nodiscard]] QDateTime restoredTime(const QVariant &value);
/// A null text or blob would be SQL's NULL.
[[nodiscard]] QString notNull(const QString &text);
[[nodiscard]] QByteArray notNull(const QByteArray &bytes);

} // namespace HistoryRows
