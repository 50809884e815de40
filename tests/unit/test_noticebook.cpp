#include "notice/awaitedgroups.h"
#include "notice/noticebook.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const ServerId production{QUuid(u"11111111-1111-4111-8111-111111111111"_s)};
const ServerId testnet{QUuid(u"22222222-2222-4222-8222-222222222222"_s)};

TaskKey key(int number, const ServerId &server = production)
{
    return {server, TaskId(u"task-%1"_s.arg(number))};
}

TaskNotice notice(NoticeKind kind, int number, const QString &action = u"Publish policy"_s,
                  const ServerId &server = production)
{
    TaskNotice made;
    made.kind = kind;
    made.key = key(number, server);
    made.action = action;
    made.server = u"Production"_s;
    return made;
}

TaskRecord record(Outcome outcome, bool witnessed = true)
{
    TaskRecord made;
    made.key = key(1);
    made.outcome = outcome;
    made.endWitnessed = witnessed;
    return made;
}

} // namespace

class TestNoticeBook final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNews_data();
    void whatIsNews();
    void whatWasToldIsNoNews();
    void marksAndOutcomesBelongTogether();
    void aNoticeHoldsNothingOfTheResult();
    void oneTask_data();
    void oneTask();
    void longWordsAreShortened();
    void severalBecomeOne();
    void aTaskCountsOnce();
    void theMostImportantOfATaskCounts();
    void aThousandLoseNone();
    void whatIsRemovedIsNotTold();
    void aServerAway();
    void aServerBackTellsWhatEnded();
    void severalServersBecomeOne();
    void aRemarkStandsInFront();
    void whatCouldNotBeToldIsListed();
    void groupsAreTakenWhenAllAreOver();
};

void TestNoticeBook::whatIsNews_data()
{
    QTest::addColumn<Outcome>("before");
    QTest::addColumn<Outcome>("after");
    QTest::addColumn<bool>("witnessed");
    QTest::addColumn<int>("kind"); // -1: none
    const auto row = [](const char *name, Outcome before, Outcome after, bool witnessed,
                        std::optional<NoticeKind> kind) {
        QTest::newRow(name) << before << after << witnessed << (kind ? int(*kind) : -1);
    };
    row("completed", Outcome::Running, Outcome::Completed, true, NoticeKind::Completed);
    row("problems", Outcome::Running, Outcome::CompletedWithProblems, true,
        NoticeKind::CompletedWithProblems);
    row("failed", Outcome::Stalled, Outcome::Failed, true, NoticeKind::Failed);
    row("final when added", Outcome::Checking, Outcome::Failed, false, std::nullopt);
    row("already so", Outcome::Completed, Outcome::Completed, true, std::nullopt);
    row("another verdict", Outcome::Completed, Outcome::CompletedWithProblems, true,
        NoticeKind::CompletedWithProblems);
    row("stalled", Outcome::Running, Outcome::Stalled, false, NoticeKind::Stalled);
    row("still stalled", Outcome::Stalled, Outcome::Stalled, false, std::nullopt);
    row("started", Outcome::Waiting, Outcome::Running, false, NoticeKind::Started);
    row("first seen running", Outcome::Checking, Outcome::Running, false, std::nullopt);
    row("lost", Outcome::Running, Outcome::OutcomeUnknown, false, std::nullopt);
    row("not found", Outcome::Checking, Outcome::NotFound, false, std::nullopt);
}

void TestNoticeBook::whatIsNews()
{
    QFETCH(const Outcome, before);
    QFETCH(const Outcome, after);
    QFETCH(const bool, witnessed);
    QFETCH(const int, kind);
    const auto news = newsOf({before, false, {}}, {after, false, {}}, record(after, witnessed));
    QCOMPARE(news ? int(*news) : -1, kind);
}

void TestNoticeBook::whatWasToldIsNoNews()
{
    TaskRecord told = record(Outcome::Completed);
    told.notified = Outcome::Completed;
    QVERIFY(!newsOf({Outcome::Running, false, {}}, {Outcome::Completed, false, {}}, told));
    told.outcome = Outcome::Failed;
    QVERIFY(newsOf({Outcome::Completed, false, {}}, {Outcome::Failed, false, {}}, told));
    const TaskRecord running = record(Outcome::Running);
    QCOMPARE(newsOf({Outcome::Running, false, 1}, {Outcome::Running, true, 2}, running),
             std::optional(NoticeKind::Slow));
    QCOMPARE(newsOf({Outcome::Running, true, 1}, {Outcome::Running, true, 2}, running),
             std::optional(NoticeKind::StepChange));
    QVERIFY(!newsOf({Outcome::Running, true, 2}, {Outcome::Running, true, 2}, running));
}

void TestNoticeBook::marksAndOutcomesBelongTogether()
{
    for (const Outcome outcome :
         {Outcome::Completed, Outcome::CompletedWithProblems, Outcome::Failed, Outcome::Stalled})
        QCOMPARE(markOf(*kindOf(outcome)), std::optional(outcome));
    QVERIFY(!kindOf(Outcome::Running));
    QVERIFY(!markOf(NoticeKind::Slow));
}

void TestNoticeBook::aNoticeHoldsNothingOfTheResult()
{
    TaskSnapshot snapshot;
    snapshot.action = u"Create\nkey"_s;
    snapshot.resultText = "\"marker-secret\"";
    snapshot.error = TaskError{u"1"_s, u"marker-secret"_s, {}};
    snapshot.startedAt = QDateTime(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC);
    snapshot.finishedAt = snapshot.startedAt->addSecs(252);
    TaskRecord failed = record(Outcome::Failed);
    failed.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
    failed.label = u"iREC 4"_s;
    const Notification made = NoticeWords::single(
        makeNotice(NoticeKind::Failed, failed, u"Production"_s, *snapshot.finishedAt));
    QCOMPARE(made.summary, u"Create key failed"_s);
    QCOMPARE(made.body, u"iREC 4 · 4 min 12 s · Production"_s);
}

void TestNoticeBook::oneTask_data()
{
    QTest::addColumn<NoticeKind>("kind");
    QTest::addColumn<QString>("summary");
    QTest::addColumn<Notification::Urgency>("urgency");
    using Urgency = Notification::Urgency;
    QTest::newRow("completed") << NoticeKind::Completed << u"Publish policy completed"_s
                               << Urgency::Normal;
    QTest::newRow("problems") << NoticeKind::CompletedWithProblems
                              << u"Publish policy completed with problems"_s << Urgency::Normal;
    QTest::newRow("failed") << NoticeKind::Failed << u"Publish policy failed"_s
                            << Urgency::Critical;
    QTest::newRow("stalled") << NoticeKind::Stalled << u"Publish policy has stalled"_s
                             << Urgency::Normal;
    QTest::newRow("slow") << NoticeKind::Slow << u"Publish policy is slower than usual"_s
                          << Urgency::Low;
    QTest::newRow("started") << NoticeKind::Started << u"Publish policy started"_s << Urgency::Low;
    QTest::newRow("step") << NoticeKind::StepChange << u"Publish policy: Create %1 topics"_s
                          << Urgency::Low;
}

void TestNoticeBook::oneTask()
{
    QFETCH(const NoticeKind, kind);
    QFETCH(const QString, summary);
    QFETCH(const Notification::Urgency, urgency);
    TaskNotice one = notice(kind, 1);
    one.step = u"Create %1 topics"_s;
    NoticeBook book;
    book.add(one);
    const auto planned = book.plan();
    QCOMPARE(planned.size(), 1);
    QCOMPARE(planned.first().summary, summary);
    QCOMPARE(planned.first().body, u"Production"_s);
    QCOMPARE(planned.first().urgency, urgency);
    QCOMPARE(planned.first().tasks, QList<TaskKey>{key(1)});
    QCOMPARE(planned.first().canCopyError, kind == NoticeKind::Failed);
}

void TestNoticeBook::longWordsAreShortened()
{
    TaskNotice one = notice(NoticeKind::Completed, 1, QString(10'000, u'x'));
    one.label = QString(10'000, u'y');
    const Notification made = NoticeWords::single(one);
    QVERIFY(made.summary.size() < 120);
    QVERIFY(made.body.size() < 200);
}

void TestNoticeBook::severalBecomeOne()
{
    NoticeBook book;
    for (int i = 0; i < 4; ++i)
        book.add(notice(NoticeKind::Completed, i));
    book.add(notice(NoticeKind::Failed, 4, u"Import policy file"_s));
    auto planned = book.plan();
    QCOMPARE(planned.size(), 1);
    QCOMPARE(planned.first().summary, u"5 tasks finished"_s);
    QCOMPARE(planned.first().body, u"4 completed, 1 failed: Import policy file"_s);
    QCOMPARE(planned.first().tasks.first(), key(4)); // where a click goes
    QCOMPARE(planned.first().urgency, Notification::Urgency::Critical);
    QVERIFY(!planned.first().canCopyError);
    QVERIFY(planned.first().slot.isEmpty());

    TaskNotice stalled = notice(NoticeKind::Stalled, 5, u"Connect user"_s);
    stalled.label = u"VM0033"_s;
    book.add(stalled);
    planned = book.plan();
    QCOMPARE(planned.first().summary, u"News of 6 tasks"_s);
    QCOMPARE(planned.first().body,
             u"4 completed, 1 failed: Import policy file; 1 stalled: Connect user (VM0033)"_s);
}

void TestNoticeBook::aTaskCountsOnce()
{
    NoticeBook book;
    book.add(notice(NoticeKind::Completed, 1));
    book.add(notice(NoticeKind::CompletedWithProblems, 1));
    const auto planned = book.plan();
    QCOMPARE(planned.size(), 1);
    QCOMPARE(planned.first().summary, u"Publish policy completed with problems"_s);
}

void TestNoticeBook::theMostImportantOfATaskCounts()
{
    NoticeBook book;
    book.add(notice(NoticeKind::Stalled, 1));
    book.add(notice(NoticeKind::StepChange, 1));
    QCOMPARE(book.plan().constFirst().summary, u"Publish policy has stalled"_s);
    book.add(notice(NoticeKind::Failed, 1));
    QCOMPARE(book.plan().constFirst().summary, u"Publish policy failed"_s);
    book.add(notice(NoticeKind::Completed, 1)); // a retry succeeded: the last ending counts
    QCOMPARE(book.plan().constFirst().summary, u"Publish policy completed"_s);
}

void TestNoticeBook::aThousandLoseNone()
{
    NoticeBook book;
    for (int i = 0; i < 1'000; ++i)
        book.add(notice(i % 10 == 0 ? NoticeKind::Failed : NoticeKind::Completed, i));
    const auto planned = book.plan();
    QCOMPARE(planned.size(), 1);
    QCOMPARE(planned.first().summary, u"1000 tasks finished"_s);
    QVERIFY(planned.first().body.startsWith(u"900 completed, 100 failed: "_s));
    QVERIFY(planned.first().body.endsWith(u" and 97 more"_s));
    QCOMPARE(planned.first().tasks.size(), 1'000);
}

void TestNoticeBook::whatIsRemovedIsNotTold()
{
    NoticeBook book;
    for (int i = 0; i < 3; ++i)
        book.add(notice(NoticeKind::Completed, i));
    book.remove({key(0), key(7)});
    book.add(notice(NoticeKind::Failed, 2));
    QCOMPARE(book.plan().constFirst().summary, u"2 tasks finished"_s);
    book.remove({key(1), key(2)});
    QVERIFY(book.isEmpty());
    QCOMPARE(book.plan(), QList<Notification>());
}

void TestNoticeBook::aServerAway()
{
    NoticeBook book;
    book.add(ServerNotice{NoticeKind::Unreachable, production, u"Production"_s, false});
    QCOMPARE(book.plan().size(), 1);
    QCOMPARE(book.plan().constFirst().summary, u"Production cannot be reached"_s);
    const QString slot = book.plan().constFirst().slot;
    book.add(ServerNotice{NoticeKind::Unreachable, production, u"Production"_s, true});
    QCOMPARE(book.plan().size(), 1);
    QCOMPARE(book.plan().constFirst().summary, u"Production can be reached again"_s);
    QCOMPARE(book.plan().constFirst().slot, slot); // it takes the other's place
    book.add(ServerNotice{NoticeKind::SignInNeeded, production, u"Production"_s, false});
    QCOMPARE(book.plan().size(), 2);
    QCOMPARE(book.plan().constFirst().summary, u"Production: sign-in needed"_s);
}

void TestNoticeBook::aServerBackTellsWhatEnded()
{
    NoticeBook book;
    book.add(notice(NoticeKind::Completed, 1));
    book.add(notice(NoticeKind::Failed, 2, u"Import policy file"_s));
    book.add(notice(NoticeKind::Completed, 3, u"Create token"_s, testnet));
    book.add(ServerNotice{NoticeKind::Unreachable, production, u"Production"_s, true});
    const auto planned = book.plan();
    QCOMPARE(planned.size(), 2);
    QCOMPARE(planned.at(0).summary, u"Create token completed"_s);
    QCOMPARE(planned.at(1).summary, u"Production can be reached again"_s);
    QCOMPARE(planned.at(1).body,
             u"2 tasks finished meanwhile: 1 completed, 1 failed: Import policy file"_s);
    QCOMPARE(planned.at(1).tasks.first(), key(2));
    QCOMPARE(planned.at(1).urgency, Notification::Urgency::Critical);
}

void TestNoticeBook::severalServersBecomeOne()
{
    NoticeBook book;
    book.add(ServerNotice{NoticeKind::Unreachable, production, u"Production"_s, false});
    book.add(ServerNotice{NoticeKind::Unreachable, testnet, u"Testnet"_s, false});
    QCOMPARE(book.plan().size(), 1);
    QCOMPARE(book.plan().constFirst().summary, u"2 servers cannot be reached"_s);
    QCOMPARE(book.plan().constFirst().body, u"Production, Testnet"_s);
}

void TestNoticeBook::aRemarkStandsInFront()
{
    NoticeBook held;
    held.add(notice(NoticeKind::Completed, 1));
    NoticeBook more;
    more.add(notice(NoticeKind::Completed, 2));
    held.add(more);
    QCOMPARE(held.plan(u"While paused:"_s).constFirst().body, u"While paused: 2 completed"_s);
}

void TestNoticeBook::whatCouldNotBeToldIsListed()
{
    QList<TaskNotice> notices{notice(NoticeKind::Stalled, 1)};
    QCOMPARE(NoticeWords::meanwhile(notices).summary, u"1 task stalled meanwhile"_s);
    notices << notice(NoticeKind::Stalled, 2);
    QCOMPARE(NoticeWords::meanwhile(notices).summary, u"2 tasks stalled meanwhile"_s);
    notices << notice(NoticeKind::Completed, 3);
    QCOMPARE(NoticeWords::meanwhile(notices).summary, u"3 tasks finished or stalled meanwhile"_s);
    notices.remove(0, 2);
    QCOMPARE(NoticeWords::meanwhile(notices).summary, u"1 task finished meanwhile"_s);
    QCOMPARE(NoticeWords::meanwhile(notices).body, u"1 completed: Publish policy"_s);

    notices << notice(NoticeKind::Failed, 4, u"Import policy file"_s);
    notices.last().label = u"VM0033"_s;
    for (int i = 5; i < 11; ++i)
        notices << notice(NoticeKind::Completed, i, u"Create token"_s);
    const Notification listed = NoticeWords::meanwhile(notices);
    QCOMPARE(listed.summary, u"8 tasks finished meanwhile"_s);
    QCOMPARE(listed.body, u"1 failed: Import policy file (VM0033)\n"
                          "7 completed: Publish policy, Create token, Create token and 4 more"_s);
}

void TestNoticeBook::groupsAreTakenWhenAllAreOver()
{
    AwaitedGroups groups({{key(1), key(2)}, {key(3)}});
    QSet<TaskKey> over{key(1)};
    const auto isOver = [&over](const TaskKey &one) { return over.contains(one); };
    QCOMPARE(groups.takeDone(isOver), QList<QList<TaskKey>>());
    over << key(2);
    QVERIFY(groups.contains(key(2)));
    QCOMPARE(groups.takeDone(isOver), (QList<QList<TaskKey>>{{key(1), key(2)}}));
    QVERIFY(!groups.contains(key(2)));
    QVERIFY(groups.contains(key(3)));
    QCOMPARE(groups.groups(), QList<QList<TaskKey>>{{key(3)}});
}

QTEST_GUILESS_MAIN(TestNoticeBook)
#include "test_noticebook.moc"
