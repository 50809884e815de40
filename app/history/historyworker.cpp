#include "history/historyworker.h"

#include "base/logging.h"

#include <QDeadlineTimer>

#include <atomic>
#include <utility>

using namespace Qt::StringLiterals;

HistoryWorker::HistoryWorker(QString file, HistoryFunctions functions)
    : m_database(file, std::move(functions))
    , m_file(std::move(file))
{
}

HistoryWorker::~HistoryWorker() = default;

void HistoryWorker::open(const QDateTime &now)
{
    m_openedAt = now;
    if (const auto opened = m_database.open(now); !opened)
        Q_EMIT failed(opened.error());
    loadMore();
}

void HistoryWorker::reopen(const QDateTime &now)
{
    if (openAgain(now))
        loadMore();
    else
        Q_EMIT loaded({}, true, false);
}

/// Whether it can be written now: then it is as if nothing had been read of it.
bool HistoryWorker::openAgain(const QDateTime &now)
{
    m_database.close();
    if (const auto opened = m_database.open(now); !opened)
        Q_EMIT failed(opened.error());
    if (!m_database.isWritable())
        return false;
    m_lastRow = m_takenRow = 0;
    m_leftOut = 0;
    m_allRead = m_checked = false;
    m_breakage.reset();
    return true;
}

void HistoryWorker::loadMore()
{
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
        m_breakage = chunk.error();
    }
    // Late, because it reads the whole file; but before anything else is written to it than what
    // is new.
    if (!m_checked && m_database.isWritable())
        startCheck();
    else
        finishLoading();
}

/// In a thread and by a connection of its own: what is to be written meanwhile does not wait.
void HistoryWorker::startCheck()
{
    if (m_check)
        return;
    const auto isSound = std::make_shared<std::atomic<bool>>(false);
    m_check.reset(
        QThread::create([file = m_file, isSound] { *isSound = HistoryDatabase::isSound(file); }));
    m_check->setObjectName(u"history check"_s);
    connect(m_check.get(), &QThread::finished, this, [this, isSound] { takeCheck(*isSound); });
    m_check->start();
}

void HistoryWorker::takeCheck(bool isSound)
{
    m_check.release()->deleteLater();
    m_checked = true;
    if (!isSound) {
        if (const auto sound = m_database.check(); !sound) {
            Q_EMIT failed(sound.error());
            m_allRead = false; // what could be salvaged and was not told yet
            m_lastRow = 0;
            m_leftOut = 0;
            m_breakage.reset();
        }
    }
    loadMore();
}

void HistoryWorker::finishLoading()
{
    m_checked = true;
    if (const auto breakage = std::exchange(m_breakage, std::nullopt))
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
    m_unwritten = done ? QList<HistoryChange>() : changes;
    Q_EMIT written(done ? std::nullopt : std::optional(done.error()));
}

void HistoryWorker::maskKept()
{
    m_masksLater = m_takenRow != HistoryDatabase::allRows;
    if (m_masksLater)
        return;
    m_database.maskKept();
    if (!m_isUpkeepAsked)
        upkeep();
}

void HistoryWorker::upkeep()
{
    m_isUpkeepAsked = false;
    if (m_takenRow != HistoryDatabase::allRows)
        return; // not all is read yet
    const auto done = m_database.upkeep();
    if (const QList<TaskKey> gone = m_database.takeDropped(); !gone.isEmpty())
        Q_EMIT dropped(gone);
    if (!done) {
        tellBreakage(done.error());
        if (done.error().isPassing() && m_database.isUpkeepLeft())
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
    if (const auto looked = m_database.prune(limits, now, spared); !looked)
        tellBreakage(looked.error());
    else if (!m_isUpkeepAsked)
        upkeep();
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

tl::expected<void, HistoryError> HistoryWorker::writeLast(const QList<HistoryChange> &changes,
                                                          QDeadlineTimer patience)
{
    constexpr unsigned long pause = 50; // ms; a locked file is waited for besides
    auto done = m_database.write(changes, m_takenRow);
    if (!done)
        Q_EMIT failed(done.error());
    while (!done && done.error().isPassing() && !patience.hasExpired()) {
        QThread::msleep(pause);
        done = m_database.write(changes, m_takenRow);
    }
    return done;
}

void HistoryWorker::close(const QList<HistoryChange> &last, std::chrono::milliseconds patience)
{
    // Older ones first; large ones one by one behind the others, which may fit where they do not.
    QList<QList<HistoryChange>> batches{std::exchange(m_unwritten, {}), {}};
    for (const HistoryChange &change : last) {
        if (change.isLarge())
            batches.append({change});
        else
            batches[1].append(change);
    }
    const QDeadlineTimer end(patience);
    if (!last.isEmpty() && !m_database.isWritable())
        static_cast<void>(openAgain(m_openedAt)); // it may be free by now
    QSet<TaskKey> lost;
    std::optional<HistoryError> why;
    for (const QList<HistoryChange> &batch : std::as_const(batches)) {
        const auto done =
            batch.isEmpty() ? tl::expected<void, HistoryError>() : writeLast(batch, end);
        if (done)
            continue;
        why = done.error();
        for (const HistoryChange &change : batch)
            lost.insert(change.key);
    }
    if (why)
        qCWarning(lcHistory).noquote()
            << "The last changes of" << lost.size() << "tasks could not be kept:" << why->headline
            << why->detail;
    const QDeadlineTimer upkeepEnd(closingUpkeep);
    while (!why && m_database.isMasking() && !upkeepEnd.hasExpired()
           && m_database.upkeep() == HistoryDatabase::Upkeep::More) {
    }
    // Who only reads may be left alone, should the disk be that slow.
    if (m_check && !m_check->wait(upkeepEnd))
        static_cast<void>(m_check.release());
    m_check.reset();
    m_database.close();
}
