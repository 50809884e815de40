#include "history/historyworker.h"

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
    Q_EMIT written(done ? std::nullopt : std::optional(done.error()));
}

void HistoryWorker::close()
{
    m_database.close();
}
