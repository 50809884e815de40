#include "bench.h"
#include "guardian/parsetaskreply.h"
#include "guardian/pollbook.h"
#include "pollmaker.h"
#include "task/advance.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A running task of the deployed dialect, 4 KB as they are on the wire.
QByteArray body(int progress)
{
    QJsonArray steps;
    for (int i = 0; steps.size() < 29; ++i) {
        steps.append(QJsonObject{{u"name"_s, u"Publish schema number %1"_s.arg(i)},
                                 {u"started"_s, i < progress},
                                 {u"completed"_s, i < progress - 1},
                                 {u"failed"_s, false},
                                 {u"skipped"_s, false},
                                 {u"progress"_s, i < progress - 1 ? 100 : 0},
                                 {u"size"_s, 1},
                                 {u"steps"_s, QJsonArray()}});
    }
    const QJsonObject info{{u"name"_s, u"Publish policy"_s},
                           {u"started"_s, true},
                           {u"progress"_s, progress},
                           {u"message"_s, u"Publish schemas"_s},
                           {u"startDate"_s, 1777885862114.0},
                           {u"timestamp"_s, 1777885901220.0 + progress},
                           {u"steps"_s, steps}};
    return QJsonDocument(QJsonObject{{u"taskId"_s, u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s},
                                     {u"action"_s, u"Publish policy"_s},
                                     {u"expectation"_s, 13},
                                     {u"info"_s, info}})
        .toJson(QJsonDocument::Compact);
}

/// Of what is kept packed: the check against one that arrives, and the packing.
void benchPacked(const BenchOptions &options, Report &report)
{
    const auto made = [](qsizetype size) {
        ReplyData reply;
        reply.httpStatus = 200;
        QByteArray text = R"({"action":"Export schemas","result":[)";
        for (int i = 0; text.size() < size; ++i) {
            text += (i > 0 ? ",{\"id\":" : "{\"id\":") + QByteArray::number(i)
                    + R"(,"name":"A block of the policy","isValid":true,"errors":[]})";
        }
        reply.body = text + "]}";
        return reply;
    };
    const ReplyData large = made(64LL * 1024);
    const ReplyData huge = made(20'000'000);
    const TaskKey key{ServerId::create(), TaskId(u"a"_s)};
    PollBook book(key.server, {}, [] { return 0.5; });
    PollWish wish;
    wish.key = key;
    book.apply(wish, 0ms);
    PollOutcome outcome = PollMaker::unchanged(key, {});
    book.read(outcome, large, &parseTaskReply);
    if (!outcome.reply || !outcome.reply->body.isPacked())
        qFatal("it is not packed");

    const int count = options.quick ? 20 : 300;
    const auto times = [](int often, const std::function<void()> &work) {
        return [often, work] {
            return spent([&] {
                for (int i = 0; i < often; ++i)
                    work();
            });
        };
    };
    const auto costs = interleave(
        {{u"again"_s, times(count * 10, [&] { book.read(outcome, large, &parseTaskReply); })},
         {u"parse"_s, times(count, [&] { (void)parseTaskReply(large); })},
         {u"pack"_s, times(1,
                           [&] {
                               ReplyBody body = huge.body;
                               body.pack();
                           })},
         {u"parse huge"_s, times(1, [&] { (void)parseTaskReply(huge); })}},
        options.rounds);
    const double micro = 1e6 / count;
    report.ratio(u"parsing.same-packed"_s,
                 u"a reply that is the same again (%1 bytes, kept packed)"_s.arg(large.body.size()),
                 u"a parse"_s, costs[0].cpu * micro / 10, costs[1].cpu * micro, u"µs"_s,
                 noiseOf(costs[0].cpuNoise, costs[1].cpuNoise),
                 {each(costs[0], count * 10), each(costs[1], count)});
    report.ratio(u"parsing.packing"_s, u"packing a reply of 20 MB (in the engine's thread)"_s,
                 u"a parse of it"_s, costs[2].cpu * 1e3, costs[3].cpu * 1e3, u"ms"_s,
                 noiseOf(costs[2].cpuNoise, costs[3].cpuNoise), {costs[2], costs[3]});
}

} // namespace

void benchParsing(const BenchOptions &options, Report &report)
{
    const int count = options.quick ? 200 : 3000;
    ReplyData replies[2];
    for (int i = 0; i < 2; ++i) {
        replies[i].httpStatus = 200;
        replies[i].body = body(10 + i);
    }
    const TaskKey key{ServerId::create(), TaskId(u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s)};
    PollBook book(key.server, {}, [] { return 0.5; });
    PollWish wish;
    wish.key = key;
    book.apply(wish, 0ms);
    PollOutcome outcome = PollMaker::unchanged(key, {});
    book.read(outcome, replies[0], &parseTaskReply);

    const auto again = [&] {
        return spent([&] {
            // More of them: a comparison is too short to be measured few times.
            ReplyData same = replies[0];
            const QByteArray bytes = same.body.whole();
            same.body = QByteArray(bytes.constData(), bytes.size()); // its own bytes
            for (int i = 0; i < count * 10; ++i)
                book.read(outcome, same, &parseTaskReply);
        });
    };
    const auto parse = [&] {
        return spent([&] {
            for (int i = 0; i < count; ++i)
                (void)parseTaskReply(replies[i % 2]);
        });
    };
    const auto take = [&] {
        return spent([&] {
            TaskRecord record;
            record.key = key;
            for (int i = 0; i < count; ++i) {
                auto snapshot = parseTaskReply(replies[i % 2]);
                const Instant now{{}, std::chrono::milliseconds(i * 2000)};
                PollOutcome changed = PollMaker::poll(
                    key, now,
                    ReadableAnswer(std::make_shared<const TaskSnapshot>(*std::move(snapshot))));
                record = advance(record, changed, now);
            }
        });
    };
    const auto bare = [&] {
        return spent([&] {
            for (int i = 0; i < count; ++i)
                (void)QJsonDocument::fromJson(replies[i % 2].body.whole());
        });
    };
    const auto costs =
        interleave({{u"again"_s, again}, {u"parse"_s, parse}, {u"take"_s, take}, {u"bare"_s, bare}},
                   options.rounds);
    const double micro = 1e6 / count;
    report.ratio(u"parsing.same"_s,
                 u"a reply that is the same again (%1 bytes)"_s.arg(replies[0].body.size()),
                 u"a parse"_s, costs[0].cpu * micro / 10, costs[1].cpu * micro, u"µs"_s,
                 noiseOf(costs[0].cpuNoise, costs[1].cpuNoise),
                 {each(costs[0], count * 10), each(costs[1], count)});
    report.ratio(u"parsing.changed"_s, u"parse and advance of a changed reply"_s,
                 u"bare QJsonDocument::fromJson"_s, costs[2].cpu * micro, costs[3].cpu * micro,
                 u"µs"_s, noiseOf(costs[2].cpuNoise, costs[3].cpuNoise),
                 {each(costs[2], count), each(costs[3], count)});
    benchPacked(options, report);
}
