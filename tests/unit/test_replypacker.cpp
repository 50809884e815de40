#include "guardian/pollbook.h"
#include "manualclock.h"
#include "pollmaker.h"
#include "task/advance.h"
#include "task/replypacker.h"
#include "task/taskstore.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

ReplyData smallReply(int number)
{
    ReplyData made;
    made.httpStatus = 200;
    made.headers = {{"Server", "nginx/1.25.3"},
                    {"Content-Type", "application/json; charset=utf-8"},
                    {"ETag", "W/\"" + QByteArray::number(number) + '"'}};
    made.body =
        R"({"taskId":"a","action":"Publish policy","userId":"665f1c0a","info":{"started":true,)"
        R"("progress":)"
        + QByteArray::number(number) + R"(,"steps":[{"name":"Upload to IPFS"}]}})";
    made.duration = std::chrono::milliseconds{number};
    return made;
}

std::shared_ptr<const ReplyData> shared(const ReplyData &reply)
{
    return std::make_shared<const ReplyData>(reply);
}

ReplyData noise(QRandomGenerator &random, qsizetype size)
{
    ReplyData made;
    QByteArray bytes(size, '\0');
    std::generate(bytes.begin(), bytes.end(), [&random] { return char(random.bounded(256)); });
    made.httpStatus = 200;
    made.body = bytes;
    return made;
}

} // namespace

class TestReplyPacker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allComesBackAsItWas();
    void whatRepliesHaveInCommonIsKeptOnce();
    void whatWouldNotShrinkStays();
    void aReplyThatMayNotTeachIsKeptByNoOther();
    void theSecondSightOfAReplyHandsItOnPacked();
    void aPackedReplyIsNoChange();
};

void TestReplyPacker::allComesBackAsItWas()
{
    ReplyPacker packer;
    QRandomGenerator random(20261129);
    QList<std::pair<ReplyData, std::shared_ptr<const ReplyData>>> all;
    for (int i = 0; i < 500; ++i) { // through several lessons
        ReplyData reply = smallReply(i);
        if (i % 7 == 0)
            reply.body = noise(random, random.bounded(1, 4000)).body;
        if (i % 11 == 0)
            reply.headers = {};
        if (i % 13 == 0)
            reply.body = reply.body.whole() + QByteArray(random.bounded(15'000), 'x');
        all.append({reply, packer.packed(shared(reply), i % 3 != 0)});
    }
    int packed = 0;
    for (const auto &[reply, made] : std::as_const(all)) {
        packed += made->body.isPacked() ? 1 : 0;
        QCOMPARE(made->body.whole(), reply.body.whole());
        QCOMPARE(made->body.size(), reply.body.size());
        QCOMPARE(made->headers.text(), reply.headers.text());
        QCOMPARE(made->headers.list(), reply.headers.list());
        QCOMPARE(made->headers.isEmpty(), reply.headers.isEmpty());
        QCOMPARE(made->duration, reply.duration);
        QVERIFY(made->body == reply.body && reply.body == made->body);
        QVERIFY(made->body != ReplyBody(reply.body.whole() + ' '));
    }
    QVERIFY(packed > 300);
}

void TestReplyPacker::whatRepliesHaveInCommonIsKeptOnce()
{
    const auto roomOf = [](const QByteArray &text) {
        return qCompress(text, 9).size() - qsizetype(sizeof(quint32));
    };
    ReplyPacker packer;
    (void)packer.packed(shared(smallReply(1)), true);
    const ReplyData reply = smallReply(2);
    // No tool says how large it is inside: what cannot become small alone, does.
    ReplyData brief;
    brief.httpStatus = 200;
    brief.body = reply.body.whole().first(110);
    QVERIFY(roomOf(brief.body.whole()) > brief.body.size() - 96);
    QVERIFY(packer.packed(shared(brief), true)->body.isPacked());
    QVERIFY(!ReplyPacker().packed(shared(brief), false)->body.isPacked());
}

void TestReplyPacker::whatWouldNotShrinkStays()
{
    ReplyPacker packer;
    QRandomGenerator random(1);
    const auto incompressible = shared(noise(random, 2000));
    QCOMPARE(packer.packed(incompressible, false), incompressible);
    const auto empty = shared({});
    QCOMPARE(packer.packed(empty, true), empty);
    const auto once = packer.packed(shared(smallReply(1)), true);
    QCOMPARE(packer.packed(once, true), once);
    ReplyData large;
    large.body = QByteArray(ReplyBody::packedFrom, 'x');
    const auto own = shared(large);
    QCOMPARE(packer.packed(own, true), own); // that is packed where it is read
}

void TestReplyPacker::aReplyThatMayNotTeachIsKeptByNoOther()
{
    ReplyPacker packer;
    ReplyData brief;
    brief.httpStatus = 200;
    brief.body = smallReply(2).body.whole().first(110);
    (void)packer.packed(shared(smallReply(1)), false);
    QVERIFY(!packer.packed(shared(brief), false)->body.isPacked()); // there is nothing in common
}

void TestReplyPacker::theSecondSightOfAReplyHandsItOnPacked()
{
    const TaskKey key{ServerId::create(), TaskId(u"a"_s)};
    PollBook book(key.server, {}, [] { return 0.5; });
    PollWish wish;
    wish.key = key;
    book.apply(wish, {});
    const auto read = [&](int number) {
        PollOutcome outcome = PollMaker::unchanged(key, {});
        book.read(outcome, smallReply(number), &parseTaskReply);
        return outcome;
    };
    const PollOutcome first = read(1);
    QVERIFY(first.reply && !first.reply->body.isPacked()); // what changes each time is not
    const PollOutcome second = read(1);
    QVERIFY(std::holds_alternative<Unchanged>(*second.answer));
    QVERIFY(second.reply && second.reply->body.isPacked());
    QCOMPARE(second.reply->body.whole(), first.reply->body.whole());
    QCOMPARE(second.reply->headers.text(), first.reply->headers.text());
    const PollOutcome third = read(1);
    QVERIFY(std::holds_alternative<Unchanged>(*third.answer) && !third.reply); // once
    const PollOutcome other = read(2);
    QVERIFY(!std::holds_alternative<Unchanged>(*other.answer));
    QVERIFY(read(2).reply->body.isPacked());
}

void TestReplyPacker::aPackedReplyIsNoChange()
{
    ManualClock clock;
    TaskStore store(clock);
    const TaskKey key{ServerId::create(), TaskId(u"a"_s)};
    store.watch({key});
    const auto raw = shared(smallReply(1));
    PollOutcome first = PollMaker::readable(key, clock.now(), *parseTaskReply(*raw));
    first.reply = raw;
    store.apply({first});
    QSignalSpy changed(&store, &TaskStore::changed);
    QSignalSpy checked(&store, &TaskStore::checked);
    ReplyPacker packer;
    PollOutcome again = PollMaker::unchanged(key, clock.now());
    again.reply = packer.packed(raw, true);
    QVERIFY(again.reply->body.isPacked());
    store.apply({again});
    QCOMPARE(store.find(key)->reply, again.reply);
    QCOMPARE(changed.size(), 0);
    QCOMPARE(checked.size(), 1);
    // Another one takes its place at no price.
    again.reply = packer.packed(shared(smallReply(7)), true);
    store.apply({again});
    QCOMPARE(store.find(key)->reply->body.whole(), raw->body.whole());
}

QTEST_APPLESS_MAIN(TestReplyPacker)
#include "test_replypacker.moc"
