#include "guardian/pollbook.h"
#include "pollmaker.h"
#include "task/replydata.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

/// JSON of about that size, as servers send it.
QByteArray json(qsizetype size)
{
    QByteArray text = "{\"result\":[";
    for (int i = 0; text.size() < size; ++i)
        text += "{\"id\":" + QByteArray::number(i) + ",\"name\":\"A block of the policy\"},";
    return text + "{}]}";
}

ReplyBody packed(const QByteArray &bytes)
{
    ReplyBody body(bytes);
    body.pack();
    return body;
}

} // namespace

class TestReplyBody : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void smallOnesStayAsTheyAre();
    void largeOnesArePackedAndComeBackWhole();
    void whatDoesNotShrinkIsKeptAsItIs();
    void everyDifferenceIsSeen();
    void headersComeBackAsTheyCame();
    void tasksShareTheTextsThatTheyHaveInCommon();
    void swappedPartsAreADifference();
    void thePollersKeepThemPacked();
};

void TestReplyBody::smallOnesStayAsTheyAre()
{
    QVERIFY(ReplyBody().isEmpty() && ReplyBody().whole().isEmpty());
    QCOMPARE(packed({}).whole(), QByteArray());
    const QByteArray small = json(10'000);
    QVERIFY(!packed(small).isPacked());
    QCOMPARE(packed(small).whole(), small);
    QCOMPARE(packed(small).whole().constData(), small.constData()); // no copy
    const QByteArray least = json(ReplyBody::packedFrom).first(ReplyBody::packedFrom);
    QVERIFY(packed(least).isPacked());
    QVERIFY(!packed(least.chopped(1)).isPacked());
}

void TestReplyBody::largeOnesArePackedAndComeBackWhole()
{
    const QByteArray large = json(300'000);
    ReplyBody body = packed(large);
    QVERIFY(body.isPacked() && !body.isEmpty());
    QCOMPARE(body.size(), large.size());
    QVERIFY(body.whole() == large);
    body.pack(); // twice is once
    QVERIFY(body.whole() == large);
    QVERIFY(body == packed(large));
}

void TestReplyBody::whatDoesNotShrinkIsKeptAsItIs()
{
    QByteArray noise(2 * ReplyBody::packedFrom, '\0');
    QRandomGenerator random(1);
    std::generate(noise.begin(), noise.end(), [&random] { return char(random.bounded(256)); });
    QVERIFY(!packed(noise).isPacked());
    QVERIFY(packed(noise).whole() == noise && packed(noise) == ReplyBody(noise));
}

void TestReplyBody::everyDifferenceIsSeen()
{
    const QByteArray large = json(40'000);
    const ReplyBody kept = packed(large);
    QVERIFY(kept == ReplyBody(large) && ReplyBody(large) == kept && kept == packed(large));
    for (qsizetype at = 0; at < large.size(); at += 7) {
        QByteArray other = large;
        other[at] = char(other.at(at) ^ 1);
        QVERIFY(kept != ReplyBody(other));
        if (at % 1001 == 0)
            QVERIFY(kept != packed(other));
    }
    QVERIFY(kept != ReplyBody(large.chopped(1)));
    QVERIFY(kept != ReplyBody(large + ' '));
    QVERIFY(kept != ReplyBody());
    QVERIFY(ReplyBody("a"_ba) == ReplyBody("a"_ba) && ReplyBody("a"_ba) != ReplyBody("b"_ba));
}

/// A mere sum would miss it.
void TestReplyBody::swappedPartsAreADifference()
{
    const QByteArray block = json(20'000);
    const QByteArray one = block + QByteArray(64, 'a') + QByteArray(64, 'b');
    const QByteArray other = block + QByteArray(64, 'b') + QByteArray(64, 'a');
    QVERIFY(packed(one) != ReplyBody(other));
    QVERIFY(packed(one) != packed(other));
}

void TestReplyBody::thePollersKeepThemPacked()
{
    const TaskKey key{ServerId::create(), TaskId(u"a"_s)};
    PollBook book(key.server, {}, [] { return 0.5; });
    PollWish wish;
    wish.key = key;
    book.apply(wish, {});
    int parsed = 0;
    const ParseReply parse = [&parsed](const ReplyData &reply) {
        ++parsed;
        return parseTaskReply(reply);
    };
    const auto told = [&](const QByteArray &body) {
        PollOutcome outcome = PollMaker::unchanged(key, {});
        book.read(outcome, *PollMaker::reply(body), parse);
        return outcome;
    };
    const QByteArray large = R"({"taskId":"a","result":)" + json(100'000) + '}';
    const PollOutcome first = told(large);
    QVERIFY(first.answer && first.reply && first.reply->body.isPacked());
    QVERIFY(first.reply->body.whole() == large);
    QVERIFY(std::holds_alternative<Unchanged>(*told(large).answer)); // no parse, no copy
    QCOMPARE(parsed, 1);
    QByteArray other = large;
    other.replace("\"id\":7,", "\"id\":8,");
    const PollOutcome changed = told(other);
    QCOMPARE(parsed, 2);
    QVERIFY(changed.reply && changed.reply->body.whole() == other);
    const PollOutcome strange = told("<html>" + json(100'000));
    QVERIFY(!strange.answer && strange.reply->body.isPacked());
}

void TestReplyBody::headersComeBackAsTheyCame()
{
    const QList<ReplyHeaders::Header> all{
        {"Date", "today"}, {"X-Odd", "a: b\xe9"}, {"X-Empty", ""}, {"DATE", "tomorrow"}};
    ReplyHeaders headers;
    for (const auto &[name, value] : all)
        headers.append(name, value);
    QCOMPARE(headers.list(), all);
    QCOMPARE(ReplyHeaders::fromText(headers.text()), headers);
    QCOMPARE(headers.value("date"), QByteArray("today"));
    QCOMPARE(headers.value("x-odd"), QByteArray("a: b\xe9"));
    QVERIFY(headers.value("dat").isEmpty() && headers.value("x-empty").isEmpty());
    headers.append("X-Broken", "one\nX-Smuggled: two");
    QCOMPARE(headers.list().size(), all.size() + 1);
    QVERIFY(headers.value("X-Smuggled").isEmpty());
    QVERIFY(ReplyHeaders().isEmpty() && ReplyHeaders().list().isEmpty());
}

/// Of ten thousand tasks, most are of a few kinds.
void TestReplyBody::tasksShareTheTextsThatTheyHaveInCommon()
{
    const ServerId server = ServerId::create();
    PollBook book(server, {}, [] { return 0.5; });
    const auto read = [&](const QString &id) {
        PollWish wish;
        wish.key = {server, TaskId(id)};
        book.apply(wish, {});
        PollOutcome outcome = PollMaker::unchanged(wish.key, {});
        const QByteArray body =
            R"({"taskId":")" + id.toUtf8()
            + R"(","action":"Publish policy","info":{"started":true,"steps":[{"name":"Upload"}]}})";
        book.read(outcome, *PollMaker::reply(body), &parseTaskReply);
        const auto *snapshot =
            outcome.answer ? std::get_if<std::shared_ptr<const TaskSnapshot>>(&*outcome.answer)
                           : nullptr;
        return snapshot ? *snapshot : nullptr;
    };
    const QString id = u"a"_s;
    const auto a = read(id);
    const auto b = read(u"b"_s);
    QVERIFY(a && b && a->steps.size() == 1 && b->steps.size() == 1);
    QCOMPARE(b->action, u"Publish policy"_s);
    QCOMPARE(static_cast<const void *>(a->action.constData()),
             static_cast<const void *>(b->action.constData()));
    QCOMPARE(static_cast<const void *>(a->steps.front().name.constData()),
             static_cast<const void *>(b->steps.front().name.constData()));
    QCOMPARE(static_cast<const void *>(a->taskId.text().constData()),
             static_cast<const void *>(id.constData()));
}

QTEST_APPLESS_MAIN(TestReplyBody)
#include "test_replybody.moc"
