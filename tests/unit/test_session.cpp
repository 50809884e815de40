#include "guardian/session.h"

#include <QSignalSpy>
#include <QTest>

class TestSession final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasNoAuthorizationBeforeAToken()
    {
        const Session session;
        QVERIFY(!session.authorization());
    }

    void givesTheTokenWithItsGeneration()
    {
        Session session;
        const QSignalSpy ready(&session, &Session::ready);
        session.setToken(Secret(" first \n"));
        QCOMPARE(session.authorization()->token.reveal(), QByteArray("first"));
        const quint64 first = session.authorization()->generation;
        session.setToken(Secret("second"));
        QVERIFY(session.authorization()->generation > first);
        QCOMPARE(ready.count(), 2);
    }

    void aRefusalCountsOnceAndOnlyForThePresentToken()
    {
        Session session;
        const QSignalSpy needed(&session, &Session::signInNeeded);
        session.setToken(Secret("old"));
        const quint64 old = session.authorization()->generation;
        session.setToken(Secret("new"));
        session.refused(old);
        QVERIFY(session.authorization());
        QCOMPARE(needed.count(), 0);

        const quint64 present = session.authorization()->generation;
        session.refused(present);
        session.refused(present);
        QVERIFY(!session.authorization());
        QCOMPARE(needed.count(), 1);

        session.setToken(Secret("new"));
        QVERIFY(session.authorization());
    }

    void whatCannotStandInAHeaderIsNoToken_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("line break") << QByteArray("abc\r\nX-Evil: 1");
        QTest::newRow("space") << QByteArray("two words");
        QTest::newRow("not ASCII") << QByteArray("t\xc3\xb6ken");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
    }
    void whatCannotStandInAHeaderIsNoToken()
    {
        QFETCH(const QByteArray, token);
        Session session;
        const QSignalSpy needed(&session, &Session::signInNeeded);
        session.setToken(Secret(token));
        QVERIFY(!session.authorization());
        QCOMPARE(needed.count(), 1);
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "test_session.moc"
