#include "history/historyworker.h"

#include "base/logging.h"

#include <QDeadlineTimer>

#include <utility>

using namespace Qt::StringLiterals;

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
            m_leftOut += chunk->leftOut;
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
            m_leftOut = 0;
            loadMore();
            return;
        }
    }
    if (breakage)
        tellBreakage(*breakage);
    m_told.clear();
    m_takenRow = HistoryDatabase::allRows;
    tellDamage();
    Q_EMIT loaded({}, true, m_database.isWritable());
    if (std::exchange(m_masksLater, false))
        m_database.maskKept();
    else
        m_database.resumeMasking();
    upkeep();
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
    m_database.maskKept();
    if (!m_isUpkeepAsked)
        upkeep();
}

void HistoryWorker::upkeep()
{
    m_isUpkeepAsked = false;
    if (!m_checked)
        return;
    const auto done = m_database.upkeep();
    if (!done) {
        tellBreakage(done.error());
        if (m_database.isMasking())
            Q_EMIT upkeepPutOff();
        return;
    }
    switch (*done) {
    case HistoryDatabase::Upkeep::Done:
        break;
    case HistoryDatabase::Upkeep::More:
        m_isUpkeepAsked = true;
        QMetaObject::invokeMethod(this, &HistoryWorker::upkeep, Qt::QueuedConnection);
        break;
    case HistoryDatabase::Upkeep::Blocked:
        Q_EMIT upkeepPutOff();
        break;
    }
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

/// Of all that was read.
void HistoryWorker::tellDamage()
{
    constexpr qsizetype mostLogged = 1000;
    const QStringList tasks = m_database.damaged();
    if (tasks.isEmpty() && m_leftOut == 0)
        return;
    const HistoryError told = historyNotWhole(m_file, m_leftOut, tasks);
    qCWarning(lcHistory).noquote() << told.headline << tasks.mid(0, mostLogged).join(u' ');
    Q_EMIT failed(told);
}

void HistoryWorker::close()
{
    const QDeadlineTimer patience(closingUpkeep);
    while (m_database.isMasking() && !patience.hasExpired()
           && m_database.upkeep() == HistoryDatabase::Upkeep::More) {
    }
    m_database.close();
}
