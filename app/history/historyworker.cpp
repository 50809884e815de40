#include "history/historyworker.h"

HistoryWorker::HistoryWorker(QString file, HistoryFunctions functions)
    : m_database(file, std::move(functions))
    , m_file(std::move(file))
{
}

void HistoryWorker::open(const QDateTime &now, const RetentionLimits &limits)
{
    if (const auto opened = m_database.open(now); !opened)
        Q_EMIT failed(opened.error());
    // First, so that nobody sees what goes. What fails here is tried tomorrow.
    static_cast<void>(m_database.prune(limits, now));
    loadMore();
}

void HistoryWorker::loadMore()
{
    if (!m_database.isReadable()) {
        Q_EMIT loaded({}, true, false);
        return;
    }
    const auto chunk = m_database.load(m_lastRow, chunkSize);
    if (!chunk) {
        Q_EMIT failed(chunk.error());
        Q_EMIT loaded({}, true, m_database.isWritable());
        return;
    }
    m_lastRow = chunk->lastRow;
    m_whole = m_whole && chunk->whole;
    if (chunk->last && !m_whole)
        Q_EMIT failed(historyError(HistoryError::Kind::Partly, m_file, {}));
    Q_EMIT loaded(chunk->records, chunk->last, m_database.isWritable());
}

void HistoryWorker::write(const QList<HistoryChange> &changes)
{
    const auto done = m_database.write(changes);
    if (const auto news = m_database.takeNews())
        Q_EMIT failed(*news);
    Q_EMIT written(done ? std::nullopt : std::optional(done.error()));
}

void HistoryWorker::search(const QString &typed)
{
    const auto keys = m_database.search(typed, mostFound);
    if (!keys)
        Q_EMIT failed(keys.error());
    Q_EMIT found(typed, keys.value_or(QList<TaskKey>()));
}

void HistoryWorker::prune(const RetentionLimits &limits, const QDateTime &now)
{
    const auto gone = m_database.prune(limits, now);
    if (!gone)
        Q_EMIT failed(gone.error());
    else if (!gone->isEmpty())
        Q_EMIT dropped(*gone);
}

void HistoryWorker::close()
{
    m_database.close();
}
