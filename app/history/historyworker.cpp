#include "history/historyworker.h"

#include <utility>

HistoryWorker::HistoryWorker(QString file, HistoryFunctions functions)
    : m_database(file, std::move(functions))
    , m_file(std::move(file))
{
}

void HistoryWorker::open(const QDateTime &now)
{
    if (const auto opened = m_database.open(now); !opened)
        Q_EMIT failed(opened.error());
    loadMore();
}

void HistoryWorker::loadMore()
{
    std::optional<HistoryError> breakage;
    m_takenRow = m_lastRow;
    if (!m_allRead && m_database.isReadable()) {
        auto chunk = m_database.load(m_lastRow, chunkSize);
        if (chunk) {
            m_allRead = chunk->last;
            m_lastRow = chunk->lastRow;
            m_whole = m_whole && chunk->whole;
            chunk->records.removeIf([this](const TaskRecord &record) {
                const auto known = m_told.size();
                m_told.insert(record.key);
                return m_told.size() == known;
            });
            Q_EMIT loaded(chunk->records, false, m_database.isWritable());
            return;
        }
        m_allRead = true;
        breakage = chunk.error();
    }
    // Late, because it reads the whole file; but before anything else is written to it than what
    // is new.
    if (!std::exchange(m_checked, true)) {
        if (const auto sound = m_database.check(); !sound) {
            Q_EMIT failed(sound.error());
            m_allRead = false; // what could be salvaged and was not told yet
            m_lastRow = 0;
            m_whole = true;
            loadMore();
            return;
        }
    }
    complete();
    if (breakage)
        tellBreakage(*breakage);
    m_told.clear();
    m_takenRow = HistoryDatabase::allRows;
    if (!m_whole)
        Q_EMIT failed(historyError(HistoryError::Kind::Partly, m_file, {}));
    Q_EMIT loaded({}, true, m_database.isWritable());
    if (m_masksLater || !m_database.isMaskedByTheRules())
        maskKept();
}

/// In portions: what is to be written does not wait for all.
void HistoryWorker::complete()
{
    if (m_database.complete(chunkSize))
        QMetaObject::invokeMethod(this, &HistoryWorker::complete, Qt::QueuedConnection);
}

void HistoryWorker::write(const QList<HistoryChange> &changes)
{
    const auto done = m_database.write(changes, m_takenRow);
    if (const auto news = m_database.takeNews()) {
        if (m_takenRow != HistoryDatabase::allRows) {
            m_lastRow = 0; // of the new file
            m_takenRow = 0;
            m_allRead = false;
        }
        Q_EMIT failed(*news);
    }
    Q_EMIT written(done ? std::nullopt : std::optional(done.error()));
}

void HistoryWorker::maskKept()
{
    m_masksLater = !m_checked;
    if (m_masksLater)
        return;
    if (const auto masked = m_database.maskKept(); !masked)
        tellBreakage(masked.error());
}

void HistoryWorker::search(const QString &typed)
{
    const auto keys = m_database.search(typed, mostFound);
    if (!keys)
        tellBreakage(keys.error());
    Q_EMIT found(typed, keys.value_or(QList<TaskKey>()));
}

void HistoryWorker::prune(const RetentionLimits &limits, const QDateTime &now,
                          const QSet<TaskKey> &spared)
{
    const auto gone = m_database.prune(limits, now, spared);
    if (!gone)
        tellBreakage(gone.error());
    else if (!gone->isEmpty())
        Q_EMIT dropped(*gone);
}

/// Reading has met damage: either the file is set aside now, or a check finds nothing wrong in what
/// writing needs, and only a part cannot be read.
void HistoryWorker::tellBreakage(const HistoryError &error)
{
    if (error.kind != HistoryError::Kind::Damaged) {
        Q_EMIT failed(error);
        return;
    }
    const auto sound = m_database.check();
    Q_EMIT failed(sound ? historyError(HistoryError::Kind::Partly, m_file, error.detail)
                        : sound.error());
}

void HistoryWorker::close()
{
    m_database.close();
}
