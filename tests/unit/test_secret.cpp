#include "base/secret.h"

#include <QDebug>
#include <QTest>
#include <QVariant>

#include <concepts>
#include <type_traits>

static_assert(!std::is_convertible_v<Secret, QVariant>);
static_assert(!std::is_convertible_v<Secret, QByteArray>);
template<typename T>
concept Printable = requires(QDebug debug, const T &value)
{
    debug << value;
};
static_assert(Printable<QByteArray> && !Printable<Secret>);

class TestSecret : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void copiesShareNoMemory();
    void movingLeavesNothingBehind();
    void assignmentReplaces();
};

void TestSecret::copiesShareNoMemory()
{
    Secret one(QByteArray("marker"));
    const Secret two(one);
    QVERIFY(one == two);
    QVERIFY(one.reveal().constData() != two.reveal().constData());
    one = Secret{};
    QCOMPARE(two.reveal(), QByteArray("marker"));
}

void TestSecret::movingLeavesNothingBehind()
{
    Secret one(QByteArray("marker"));
    const Secret two(std::move(one));
    QVERIFY(one.isEmpty()); // NOLINT(bugprone-use-after-move): that is what is promised
    QCOMPARE(two.reveal(), QByteArray("marker"));
}

void TestSecret::assignmentReplaces()
{
    Secret one(QByteArray("old"));
    const Secret two(QByteArray("new"));
    one = two;
    QCOMPARE(one.reveal(), QByteArray("new"));
    one = Secret{};
    QVERIFY(one.isEmpty());
}

QTEST_GUILESS_MAIN(TestSecret)
#include "test_secret.moc"
