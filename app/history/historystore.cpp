#include "history/historystore.h"

#include "base/clock.h"
#include "history/historyworker.h"
#include "task/mergerecords.h"

#include <QDeadlineTimer>
#include <QSet>

#include <algorithm>
#include <functional>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// Of why a file cannot be opened: it may be possible later.
bool mayPass(const std::optional<HistoryError> &trouble)
{
    return trouble && (trouble->isPassing() || trouble->kind == HistoryError::Kind::Failed);
}

} // namespace

const HistoryChange *HistoryStore::Changes::find(const TaskKey &key) const
{
    const auto place = m_places.constFind(key);
    return place == m_places.cend() ? nullptr : &m_list.at(*place);
}

HistoryChange &HistoryStore::Changes::at(const TaskKey &key)
{
    const auto place = m_places.constFind(key);
    if (place != m_places.cend())
        return m_list[*place];
    m_places.insert(key, m_list.size());
    return m_list.emplaceBack(HistoryChange{key, false, std::nullopt});
}

HistoryStore::Changes HistoryStore::Changes::take(bool isLarge)
{
    // Large ones are rare, and what is gathered may be many.
    if (!isLarge
        && std::none_of(m_list.cbegin(), m_list.cend(), std::mem_fn(&HistoryChange::isLarge)))
        return std::exchange(*this, {});
    Changes taken;
    Changes left;
    for (const HistoryChange &change : std::as_const(m_list)) {
        const bool isTaken = change.isLarge() == isLarge && (!isLarge || taken.isEmpty());
        (isTaken ? taken : left).at(change.key) = change;
    }
    *this = std::move(left);
    return taken;
}

HistoryStore::HistoryStore(QString file, HistoryFunctions functions, const Clock &clock,
                           QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_thread(std::make_unique<QThread>())
    , m_worker(new HistoryWorker(std::move(file), std::move(functions)))
    , m_timer(clock.makeTimer([this] { flush(); }))
    , m_reopenTimer(clock.makeTimer([this] { reopen(); }))
    , m_pruneTimer(clock.makeTimer([this] { prune(); }))
    , m_upkeepTimer(clock.makeTimer([this] {
        QMetaObject::invokeMethod(m_worker, &HistoryWorker::upkeep, Qt::QueuedConnection);
    }))
{
    m_thread->setObjectName(u"history"_s);
    m_worker->moveToThread(m_thread.get());
    connect(this, &HistoryStore::moreWanted, m_worker, &HistoryWorker::loadMore);
    connect(m_worker, &HistoryWorker::failed, this, &HistoryStore::tell);
    connect(m_worker, &HistoryWorker::loaded, this, &HistoryStore::onLoaded);
    connect(m_worker, &HistoryWorker::written, this, &HistoryStore::onWritten);
    connect(m_worker, &HistoryWorker::found, this, &HistoryStore::found);
    connect(m_worker, &HistoryWorker::dropped, this, &HistoryStore::dropped);
    connect(m_worker, &HistoryWorker::upkeepPutOff, this,
            [this] { m_upkeepTimer->start(retryDelay); });
}

HistoryStore::~HistoryStore()
{
    if (!m_thread->isRunning()) {
        delete m_worker;
        return;
    }
    // In the worker's queue behind all that was asked before; a bare quit() would overtake it.
    QMetaObject::invokeMethod(
        m_worker,
        [worker = m_worker, changes = m_gathered.list()] {
            worker->close(changes);
            worker->thread()->quit();
        },
        Qt::QueuedConnection);
    if (m_thread->wait(QDeadlineTimer(closeLimit))) {
        delete m_worker;
        return;
    }
    // The disk hangs. The thread holds only values and its worker, and ends with the program.
    qWarning("The history could not be closed in time.");
    static_cast<void>(m_thread.release());
}

void HistoryStore::open()
{
    Q_ASSERT(m_state == State::Closed);
    m_state = State::Opening;
    m_thread->start();
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, now = m_clock.now().wall] { worker->open(now); },
        Qt::QueuedConnection);
}

void HistoryStore::setRetention(const RetentionLimits &limits)
{
    if (std::exchange(m_limits, limits) != limits && m_state == State::Keeping)
        prune();
}

void HistoryStore::prune()
{
    // A pin, say, that is not written yet, counts.
    QSet<TaskKey> spared;
    for (const Changes *changes : {&m_gathered, &m_underWay}) {
        for (const HistoryChange &change : changes->list())
            spared.insert(change.key);
    }
    QMetaObject::invokeMethod(
        m_worker,
        [worker = m_worker, limits = m_limits, now = m_clock.now().wall, spared] {
            worker->prune(limits, now, spared);
        },
        Qt::QueuedConnection);
    m_pruneTimer->start(pruneInterval);
}

void HistoryStore::maskKept()
{
    if (m_state == State::Closed)
        return; // what was kept by then has met the same rules
    QMetaObject::invokeMethod(m_worker, &HistoryWorker::maskKept, Qt::QueuedConnection);
}

void HistoryStore::search(const QString &typed)
{
    if (m_state == State::Closed) {
        Q_EMIT found(typed, {});
        return;
    }
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, typed] { worker->search(typed); }, Qt::QueuedConnection);
}

void HistoryStore::save(const QList<TaskRecord> &records)
{
    if (m_state == State::Forgetful)
        return;
    for (const TaskRecord &record : records) {
        HistoryChange &change = m_gathered.at(record.key);
        change.record = record;
        change.isCheck = false;
    }
    schedule(batchDelay);
}

void HistoryStore::saveChecks(const QList<TaskRecord> &records)
{
    if (m_state == State::Forgetful)
        return;
    for (const TaskRecord &record : records) {
        const bool isNew = !m_gathered.contains(record.key);
        HistoryChange &change = m_gathered.at(record.key);
        change.record = record;
        change.isCheck = change.isCheck || isNew;
    }
    schedule(batchDelay);
}

void HistoryStore::remove(const QList<TaskKey> &keys)
{
    if (m_state == State::Forgetful)
        return;
    for (const TaskKey &key : keys)
        m_gathered.at(key) = {key, true, std::nullopt};
    schedule(batchDelay);
}

void HistoryStore::onLoaded(const QList<TaskRecord> &records, bool last, bool writable)
{
    m_writable = writable;
    if (writable)
        m_state = last ? State::Keeping : State::Opening;
    else if (last)
        m_state = mayPass(m_trouble) ? State::Shut : State::Forgetful;
    if (m_state == State::Keeping)
        prune();
    else if (m_state == State::Shut)
        m_reopenTimer->start(retryDelay);
    else if (m_state == State::Forgetful)
        m_gathered = {};
    if (!last || !std::exchange(m_isEndTold, true))
        Q_EMIT opened(taken(records), last);
    schedule(batchDelay);
    // Only now: a chunk that waits already would be taken in the same breath, without a repaint.
    if (!last)
        Q_EMIT moreWanted({});
}

void HistoryStore::reopen()
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, now = m_clock.now().wall] { worker->reopen(now); },
        Qt::QueuedConnection);
}

/// Those that were not removed since, with what is known of them by now.
QList<TaskRecord> HistoryStore::taken(const QList<TaskRecord> &records)
{
    if (m_gathered.isEmpty() && m_underWay.isEmpty())
        return records;
    QList<TaskRecord> taken;
    taken.reserve(records.size());
    for (const TaskRecord &record : records) {
        const HistoryChange *const underWay = m_underWay.find(record.key);
        const HistoryChange *const gathered = m_gathered.find(record.key);
        if ((underWay && underWay->removeFirst) || (gathered && gathered->removeFirst))
            continue;
        taken.append(record);
        if (underWay && underWay->record) // where it cannot be written, it is written again
            m_underWay.at(record.key).record = mergedRecords(record, *underWay->record);
        if (gathered)
            m_gathered.at(record.key).record = mergedRecords(record, *gathered->record);
    }
    return taken;
}

void HistoryStore::onWritten(const std::optional<HistoryError> &error)
{
    Changes done = std::exchange(m_underWay, {});
    if (!error) {
        m_trouble.reset();
        if (std::exchange(m_hasWaiting, false) && !m_gathered.isEmpty())
            flush(); // they have waited for their turn
        else
            schedule(batchDelay);
        Q_EMIT saved();
        return;
    }
    m_hasWaiting = m_isLargeDue = false;
    for (const HistoryChange &newer : m_gathered.list()) {
        HistoryChange &change = done.at(newer.key);
        change.removeFirst = change.removeFirst || newer.removeFirst;
        change.record = newer.record;
        change.isCheck = change.isCheck && newer.isCheck;
    }
    m_gathered = std::move(done);
    schedule(retryDelay);
    tell(*error);
}

void HistoryStore::schedule(std::chrono::milliseconds delay)
{
    const bool mayWrite = m_state == State::Keeping || m_state == State::Opening;
    if (mayWrite && m_writable && m_underWay.isEmpty() && !m_gathered.isEmpty()
        && !m_timer->isActive())
        m_timer->start(delay);
}

/// Large ones and the others in turn.
HistoryStore::Changes HistoryStore::nextBatch()
{
    bool isLarge = m_isLargeDue;
    Changes batch = m_gathered.take(isLarge);
    if (batch.isEmpty()) {
        isLarge = !isLarge;
        batch = m_gathered.take(isLarge);
    }
    m_hasWaiting = !m_gathered.isEmpty();
    m_isLargeDue = !isLarge && m_hasWaiting;
    return batch;
}

void HistoryStore::flush()
{
    m_timer->stop();
    m_underWay = nextBatch();
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, changes = m_underWay.list()] { worker->write(changes); },
        Qt::QueuedConnection);
}

void HistoryStore::tell(const HistoryError &error)
{
    // Of two damaged files, each was kept under a name of its own.
    const bool isSame =
        m_trouble && m_trouble->kind == error.kind && m_trouble->nextStep == error.nextStep;
    m_trouble = error;
    if (!isSame)
        Q_EMIT failed(error);
}
