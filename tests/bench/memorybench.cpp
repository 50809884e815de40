#include "bench.h"
#include "guardian/parsetaskreply.h"
#include "guardian/pollbook.h"
#include "manualclock.h"
#include "task/polllog.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasksamples.h"

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
    {
        QObject::connect(&m_store, &TaskStore::added, &m_model, &TaskTableModel::onAdded);
        QObject::connect(&m_store, &TaskStore::changed, &m_model, &TaskTableModel::onChanged);
        QObject::connect(&m_store, &TaskStore::wished, &m_model,
                         [this](const QList<PollWish> &wishes) {
                             for (const PollWish &wish : wishes)
                                 m_book.apply(wish, m_clock.now().awake);
                         });
    }

    void load(int count) { m_store.load(TaskSamples::records(m_server, count)); }

    /// One answer of a task, through all that a poll goes through but the network.
    void poll(int number, int progress)
    {
        ReplyData reply;
        reply.httpStatus = 200;
        reply.body = "{\"taskId\":\"" + TaskSamples::key(m_server, number).task.text().toUtf8()
                     + "\",\"action\":\"Publish policy\",\"info\":{\"name\":\"Publish policy\","
                       "\"started\":true,\"progress\":"
                     + QByteArray::number(progress) + ",\"timestamp\":"
                     + QByteArray::number(1777885901220 + m_polls++) + ",\"steps\":[]}}";
        PollOutcome outcome;
        outcome.key = TaskSamples::key(m_server, number);
        outcome.sentAt = m_clock.now();
        outcome.answeredAt = m_clock.now();
        outcome.httpStatus = 200;
        m_book.read(outcome, reply, &parseTaskReply);
        m_log.append({outcome});
        m_store.apply({outcome});
        m_clock.advance(10ms);
    }

private:
    ServerId m_server = ServerId::create();
    ManualClock m_clock;
    TaskStore m_store;
    TaskTableModel m_model;
    PollBook m_book;
    PollLog m_log;
    qint64 m_polls = 0;
};

} // namespace

void benchMemory(const BenchOptions &options, Report &report)
{
    const int tasks = options.quick ? 2000 : 10'000;
    {
        World world;
        const double before = allocatedBytes();
        world.load(tasks);
        // The texts of its own: the ID; actions and steps are short here.
        const double texts = 36 * sizeof(QChar);
        report.absolute(u"Memory"_s, u"a tracked idle task beyond its texts"_s,
                        (allocatedBytes() - before) / tasks - texts, u"bytes"_s, 2048);
    }
    World world;
    world.load(1000);
    const int polls = options.quick ? 4000 : 200'000;
    double settled = 0;
    for (int i = 0; i < polls; ++i) {
        if (i == polls / 4) // logs and caches have their size by then
            settled = residentBytes();
        world.poll(i % 1000, i / 1000 % 101);
    }
    report.absolute(u"Memory"_s, u"growth over %1 polls of 1,000 tasks"_s.arg(polls),
                    (residentBytes() - settled) / 1e6, u"MB"_s, options.quick ? 100 : 1);
}
