// What HistoryDatabase removes, because it is outlived.
#include "history/historyconnection.h"
#include "history/historydatabase.h"
#include "task/taskwords.h"

#include <QUuid>
#include <QVariant>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// What is removed at once, before whoever writes gets a turn.
constexpr qsizetype mostDropped = 100;
constexpr auto droppingTime = 50ms; ///< but at least one

/// It may have ended long before it came here, out of a file. What a task takes beside its reply's
/// body, is a rough number.
constexpr auto selectSizes =
    "SELECT id, server, task, outcome, pinned,"
    " max(coalesce(ended_at, checked_at, watched_since, kept_since), kept_since),"
    " 2000 + coalesce(length(body), 0) FROM task LEFT JOIN reply ON task_id = id"_L1;
constexpr auto markKept = "UPDATE task SET kept_since = ? WHERE kept_since IS NULL"_L1;

} // namespace

tl::expected<void, HistoryError> HistoryDatabase::prune(const RetentionLimits &limits,
                                                        const QDateTime &now,
                                                        const QSet<TaskKey> &spared)
{
    if (!isWritable())
        return {};
    HistoryConnection &connection = *m_connection;
    QSqlQuery mark(connection.database);
    if (!connection.prepare(mark, markKept) || !connection.run(mark, {now.toMSecsSinceEpoch()}))
        return failure();
    mark.finish();
    QList<KeptTask> kept;
    QSqlQuery row(connection.database);
    row.setForwardOnly(true);
    const bool ok = row.exec(selectSizes);
    while (ok && row.next()) {
        // A word that we do not know is no reason to throw something away.
        const auto outcome = TaskWords::outcomeOf(row.value(3).toString());
        if (!outcome)
            continue;
        kept.append({row.value(0).toLongLong(),
                     {ServerId(QUuid::fromString(row.value(1).toString())),
                      TaskId(row.value(2).toString())},
                     *outcome,
                     row.value(4).toBool(),
                     HistoryRows::restoredTime(row.value(5)),
                     row.value(6).toLongLong()});
    }
    connection.lastError = row.lastError();
    row.finish();
    if (!ok || connection.lastError.isValid())
        return failure();
    const qint64 used =
        (connection.number(u"PRAGMA page_count"_s) - connection.number(u"PRAGMA freelist_count"_s))
        * connection.number(u"PRAGMA page_size"_s);
    // The file knows best what all of them take.
    const qint64 guessed =
        std::accumulate(kept.cbegin(), kept.cend(), 0LL,
                        [](qint64 sum, const KeptTask &task) { return sum + task.bytes; });
    for (KeptTask &task : kept) {
        task.bytes = qint64(double(task.bytes) * double(used) / double(guessed));
        // What is damaged is no reason either.
        task.pinned = task.pinned || spared.contains(task.key) || m_damaged.contains(task.key);
    }
    m_spared.clear();
    m_going = outlived(kept, used, limits, now);
    std::reverse(m_going.begin(), m_going.end());
    m_isShrinking = true; // a run before this one may not have come to its end
    return {};
}

/// Then gives their space back.
bool HistoryDatabase::dropPortion()
{
    HistoryConnection &connection = *m_connection;
    const QDeadlineTimer patience(droppingTime);
    if (m_going.isEmpty()) {
        m_isShrinking = connection.shrink(patience);
        return true;
    }
    QList<KeptTask> left = m_going;
    QList<TaskKey> dropped;
    const bool ok = connection.inTransaction([&] {
        bool isDropped = true;
        do {
            const KeptTask task = left.takeLast();
            if (m_spared.contains(task.key))
                continue;
            isDropped = connection.run(connection.dropRow, {task.row});
            dropped.append(task.key);
        } while (isDropped && !left.isEmpty() && dropped.size() < mostDropped
                 && !patience.hasExpired());
        return isDropped;
    });
    if (!ok) {
        if (!failure().value().isPassing())
            m_going.clear(); // tomorrow's look finds them again
        return false;
    }
    m_going = left;
    for (const TaskKey &key : std::as_const(dropped)) {
        m_words.remove(key);
        m_incomplete.remove(key);
    }
    m_dropped += dropped;
    return true;
}
