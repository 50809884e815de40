#include "bench.h"
#include "desktop/desktopnotifier.h"
#include "desktop/trayfacts.h"
#include "guardian/parsetaskreply.h"
#include "guardian/pollbook.h"
#include "manualclock.h"
#include "task/polllog.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasksamples.h"

#include <QRandomGenerator>
#include <QTemporaryDir>

#include <malloc.h>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// All that holds something of a tracked task.
class World
{
public:
    World()
        : m_store(m_clock)
        , m_model(m_store, m_clock)
        , m_book(m_server, {}, [] { return 0.5; })
        , m_notifier(m_store,
                     {[](const TaskKey &) { return false; }, [] { return false; },
                      [](const TaskKey &) { return true; },
                      [](const ServerId &) { return QString(); },
                      [](const ServerId &) { return true; }},
                     nullptr, m_folder.path(), m_clock)
    {
        const auto count = [this](const QList<TaskKey> &keys) { m_tray.take(m_store, keys); };
        QObject::connect(&m_store, &TaskStore::added, &m_model, &TaskTableModel::onAdded);
        QObject::connect(&m_store, &TaskStore::added, &m_model, count);
        QObject::connect(&m_store, &TaskStore::added, &m_notifier, &DesktopNotifier::takeAdded);
        QObject::connect(&m_store, &TaskStore::changed, &m_notifier, &DesktopNotifier::takeChanges);
        QObject::connect(&m_store, &TaskStore::changed, &m_model, &TaskTableModel::onChanged);
        QObject::connect(&m_store, &TaskStore::changed, &m_model, count);
        QObject::connect(&m_store, &TaskStore::wished, &m_model,
                         [this](const QList<PollWish> &wishes) {
                             for (const PollWish &wish : wishes)
                                 m_book.apply(wish, m_clock.now().awake);
                         });
    }

    void load(int count)
    {
        m_store.load(TaskSamples::records(m_server, count));
        m_keys = m_store.keys(); // the program hands keys on, and makes none for an answer
    }

    /// One answer of a task, through all that a poll goes through but the network.
    void poll(int number, int progress) { poll(number, progress, m_polls++); }
    void poll(int number, int progress, qint64 timestamp)
    {
        const ReplyData reply = TaskSamples::reply(m_server, number, progress, timestamp);
        PollOutcome outcome;
        outcome.key = m_keys.at(number);
        outcome.sentAt = m_clock.now();
        outcome.answeredAt = m_clock.now();
        outcome.httpStatus = 200;
        m_book.read(outcome, reply, &parseTaskReply);
        m_log.append({outcome});
        m_store.apply({outcome});
        m_clock.advance(10ms);
    }

    /// Characters that the server or the operator chose, as they lie in memory: each once.
    [[nodiscard]] double texts(int number) const
    {
        const TaskRecord &record = *m_store.find(m_keys.at(number));
        qsizetype size = record.key.task.text().size() + record.snapshot->action.size()
                         + record.snapshot->userId.size() + record.snapshot->currentStep.size();
        for (const TaskStep &step : record.snapshot->steps)
            size += step.name.size() + step.message->size();
        return double(size) * sizeof(QChar);
    }

private:
    ServerId m_server = ServerId::create();
    ManualClock m_clock;
    TaskStore m_store;
    TaskTableModel m_model;
    PollBook m_book;
    PollLog m_log;
    TrayCounts m_tray;
    QTemporaryDir m_folder;
    DesktopNotifier m_notifier;
    QList<TaskKey> m_keys; ///< by number
    qint64 m_polls = 0;
};

/// A result of 64 KB as servers send them: names repeat, identifiers do not.
QByteArray largeReply(QRandomGenerator &random)
{
    QByteArray body = "{\"action\":\"Export schemas\",\"result\":[";
    while (body.size() < 64 * 1024) {
        body += "{\"id\":\"" + QByteArray::number(random.generate64(), 16)
                + QByteArray::number(random.generate64(), 16)
                + "\",\"name\":\"A block of the policy\",\"isValid\":true,\"errors\":[]},";
    }
    return body + "{}]}";
}

/// What so many tasks with a large reply hold, as resident memory: as the poller hands them on, or
/// as they came.
double residentReplies(int tasks, bool asTheyCame)
{
    const ServerId server = ServerId::create();
    PollBook book(server, {}, [] { return 0.5; });
    QRandomGenerator random(1);
    std::vector<std::shared_ptr<const ReplyData>> kept;
    kept.reserve(std::size_t(tasks));
    ::malloc_trim(0);
    const double before = residentBytes();
    for (int i = 0; i < tasks; ++i) {
        PollWish wish;
        wish.key = TaskSamples::key(server, i);
        book.apply(wish, {});
        PollOutcome outcome;
        outcome.key = wish.key;
        ReplyData reply;
        reply.httpStatus = 200;
        reply.body = largeReply(random);
        book.read(outcome, reply, &parseTaskReply);
        if (!outcome.answer || !outcome.reply)
            qFatal("the reply is not read");
        kept.push_back(asTheyCame ? std::make_shared<const ReplyData>(std::move(reply))
                                  : outcome.reply);
        if (asTheyCame)
            book.apply({.key = wish.key, .tracked = false}, {}); // holds its own no longer
    }
    ::malloc_trim(0);
    return residentBytes() - before;
}

void benchReplies(const BenchOptions &options, Report &report)
{
    const int tasks = options.quick ? 100 : 1000;
    std::vector<double> ours;
    std::vector<double> raw;
    const auto measure = [tasks](std::vector<double> &sizes, bool asTheyCame) {
        return spent([&] { sizes.push_back(residentReplies(tasks, asTheyCame)); });
    };
    const auto costs = interleave({{u"ours"_s, [&] { return measure(ours, false); }},
                                   {u"raw"_s, [&] { return measure(raw, true); }}},
                                  options.quick ? 1 : 5);
    report.ratio(u"memory.replies"_s,
                 u"%1 tasks with a reply of 64 KB each, kept packed"_s.arg(tasks),
                 u"as they came"_s, median(ours) / 1e6, median(raw) / 1e6, u"MB resident"_s,
                 std::nullopt, costs);
}

/// Watched for a while, with nothing new: with its last reply, as it came with its headers, and a
/// full log.
void benchIdle(int tasks, Report &report)
{
    World world;
    const double before = allocatedBytes();
    const Cost cost = spent([&] {
        world.load(tasks);
        for (std::size_t round = 0; round < PollLog::perTask + 2; ++round) {
            for (int i = 0; i < tasks; ++i)
                world.poll(i, i % 101, i);
        }
    });
    const double after = allocatedBytes();
    double texts = 0; // and a key each in our own list
    for (int i = 0; i < tasks; ++i)
        texts += world.texts(i);
    report.absolute(u"memory.idle"_s, u"a tracked idle task beyond its texts"_s,
                    (after - before - texts) / tasks - double(sizeof(TaskKey)), u"bytes"_s,
                    std::nullopt, {cost});
}

} // namespace

void benchMemory(const BenchOptions &options, Report &report)
{
    const int tasks = options.quick ? 2000 : 10'000;
    benchIdle(tasks, report);
    benchReplies(options, report);
    World world;
    world.load(1000);
    const int polls = options.quick ? 4000 : 200'000;
    const int settling = polls / 4; // logs and caches have their size by then
    const auto poll = [&world](int from, int to) {
        for (int i = from; i < to; ++i)
            world.poll(i % 1000, i / 1000 % 101);
    };
    poll(0, settling);
    const double settled = residentBytes();
    const Cost cost = spent([&] { poll(settling, settling + polls); });
    report.absolute(u"memory.growth"_s, u"growth over %1 polls of 1,000 tasks"_s.arg(polls),
                    (residentBytes() - settled) / 1e6, u"MB"_s, std::nullopt, {cost});
}
