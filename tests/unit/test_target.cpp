#include "cli/target.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace {

ServerProfile profile(const QString &name, const QString &root, bool allowHttp = false)
{
    ServerProfile p;
    p.id = ServerId::create();
    p.name = name;
    p.address = QUrl(root).host();
    p.apiRoot = QUrl(root);
    p.allowHttp = allowHttp;
    return p;
}

CommandLine asking(const QString &server, bool allowHttp = false)
{
    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.server = server;
    line.allowHttp = allowHttp;
    return line;
}

const ServerProfile production = profile(u"Production"_s, u"https://guardian.example/api/v1"_s);
const ServerProfile testnet = profile(u"Testnet"_s, u"http://testnet.example/api/v1"_s, true);
const QUrl site(u"https://guardian.example/api/v1"_s);
const QString uuid = u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s;

QStringList idsOf(const QStringList &arguments)
{
    QStringList ids;
    const auto tasks = tasksOf(arguments, site);
    for (const TaskId &task : tasks.value_or(QList<TaskId>()))
        ids += task.text();
    return ids;
}

} // namespace

class TestTarget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theOnlyStoredServerIsAsked();
    void withoutAnyServerTheNextStepIsSaid();
    void severalServersAreNamed();
    void aStoredServerIsFoundByItsName_data();
    void aStoredServerIsFoundByItsName();
    void anotherAddressIsProbed();
    void aWrongAddressIsSaid();
    void openHttpNeedsConsent_data();
    void openHttpNeedsConsent();
    void aTokenIsForItsOwnServerOnly_data();
    void aTokenIsForItsOwnServerOnly();
    void ofSeveralAtAnAddressOneIsMeant_data();
    void ofSeveralAtAnAddressOneIsMeant();
    void argumentsNameTasks_data();
    void argumentsNameTasks();
    void argumentsWithoutATaskAreNamed_data();
    void argumentsWithoutATaskAreNamed();
    void tasksOfAnotherServerAreRefused();
    void tooManyTasksAreRefused();
};

void TestTarget::theOnlyStoredServerIsAsked()
{
    const auto target = chooseTarget(asking({}), {production});
    QVERIFY(target);
    QCOMPARE(target->profile, production);
    QVERIFY(target->candidates.isEmpty());
}

void TestTarget::withoutAnyServerTheNextStepIsSaid()
{
    const auto target = chooseTarget(asking({}), {});
    QVERIFY(!target);
    QVERIFY(target.error().nextStep.contains("--server"_L1));
}

void TestTarget::severalServersAreNamed()
{
    const auto target = chooseTarget(asking({}), {production, testnet});
    QVERIFY(!target);
    QVERIFY(target.error().nextStep.contains("Production, Testnet"_L1));
}

void TestTarget::aStoredServerIsFoundByItsName_data()
{
    QTest::addColumn<QString>("typed");
    QTest::newRow("name") << u"production"_s;
    QTest::newRow("address") << u"guardian.example"_s;
    QTest::newRow("root") << u"https://guardian.example/api/v1"_s;
    QTest::newRow("root/") << u"https://guardian.example/api/v1/"_s;
}

void TestTarget::aStoredServerIsFoundByItsName()
{
    QFETCH(const QString, typed);
    const auto target = chooseTarget(asking(typed), {testnet, production});
    QVERIFY(target);
    QCOMPARE(target->profile, production);
}

void TestTarget::anotherAddressIsProbed()
{
    const auto target = chooseTarget(asking(u"https://other.example"_s), {production});
    QVERIFY(target);
    QVERIFY(!target->profile);
    QVERIFY(target->candidates.contains(QUrl(u"https://other.example/api/v1"_s)));
}

void TestTarget::aWrongAddressIsSaid()
{
    const auto target = chooseTarget(asking(u"ftp://other.example"_s), {production});
    QVERIFY(!target);
    QVERIFY(!target.error().message.isEmpty());
}

void TestTarget::openHttpNeedsConsent_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<bool>("works");
    QTest::newRow("open") << u"http://other.example"_s << false << false;
    QTest::newRow("allowed") << u"http://other.example"_s << true << true;
    QTest::newRow("this machine") << u"http://127.0.0.1:3000"_s << false << true;
    QTest::newRow("localhost") << u"http://localhost:3000"_s << false << true;
    QTest::newRow("no trick") << u"http://localhost.evil.example"_s << false << false;
    QTest::newRow("profile's consent") << u"Testnet"_s << false << true;
    QTest::newRow("profile's consent by address") << u"http://testnet.example"_s << false << true;
    QTest::newRow("profile without") << u"Plain"_s << false << false;
    QTest::newRow("profile without, allowed") << u"Plain"_s << true << true;
    QTest::newRow("its address") << u"http://plain.example/api/v1"_s << false << false;
}

void TestTarget::openHttpNeedsConsent()
{
    QFETCH(const QString, typed);
    QFETCH(const bool, allowed);
    QFETCH(const bool, works);
    const auto target =
        chooseTarget(asking(typed, allowed),
                     {production, testnet, profile(u"Plain"_s, u"http://plain.example/api/v1"_s)});
    QCOMPARE(target.has_value(), works);
    if (!works)
        QVERIFY(target.error().nextStep.contains("--allow-http"_L1));
}

void TestTarget::aTokenIsForItsOwnServerOnly_data()
{
    QTest::addColumn<QString>("root");
    QTest::addColumn<bool>("own");
    QTest::newRow("same") << u"https://guardian.example/api/v1"_s << true;
    QTest::newRow("slash") << u"https://guardian.example/api/v1/"_s << true;
    QTest::newRow("http") << u"http://guardian.example/api/v1"_s << false;
    QTest::newRow("port") << u"https://guardian.example:8443/api/v1"_s << false;
    QTest::newRow("path") << u"https://guardian.example/other/api/v1"_s << false;
    QTest::newRow("host") << u"https://guardian.example.evil/api/v1"_s << false;
}

void TestTarget::aTokenIsForItsOwnServerOnly()
{
    QFETCH(const QString, root);
    QFETCH(const bool, own);
    QCOMPARE(meantProfile(QUrl(root), {}, {testnet, production})->has_value(), own);
}

void TestTarget::ofSeveralAtAnAddressOneIsMeant_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("name"); // of the profile; empty: it is not clear
    const QString root = site.toString();
    QTest::newRow("named") << u"second"_s << u"alice"_s << u"Second"_s;
    QTest::newRow("named, of a new user") << u"Second"_s << u"carol"_s << u"Second"_s;
    QTest::newRow("of the user") << root << u"bob"_s << u"Second"_s;
    QTest::newRow("of the first user") << root << u"alice"_s << u"First"_s;
    QTest::newRow("of another user") << root << u"carol"_s << QString();
    QTest::newRow("of nobody") << root << QString() << QString();
    QTest::newRow("alone there") << testnet.apiRoot.toString() << u"carol"_s << u"Testnet"_s;
}

void TestTarget::ofSeveralAtAnAddressOneIsMeant()
{
    QFETCH(const QString, server);
    QFETCH(const QString, user);
    QFETCH(const QString, name);
    ServerProfile first = profile(u"First"_s, site.toString());
    first.account = u"alice"_s;
    ServerProfile second = profile(u"Second"_s, site.toString());
    second.account = u"bob"_s;
    CommandLine line = asking(server);
    line.user = user;
    const QList<ServerProfile> all{first, second, testnet};
    const auto target = chooseTarget(line, all);
    QCOMPARE(target.has_value(), !name.isEmpty());
    if (target) {
        QCOMPARE(target->profile.value_or(ServerProfile()).name, name);
        const auto again = meantProfile(target->profile->apiRoot, line, all);
        QVERIFY(again && *again == target->profile);
    } else {
        QVERIFY(target.error().nextStep.contains("First, Second"_L1));
    }
    const auto none = meantProfile(QUrl(u"https://other.example/api/v1"_s), line, all);
    QVERIFY(none && !*none);
}

void TestTarget::argumentsNameTasks_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("IDs") << QStringList{uuid, u"t"_s} << QStringList{uuid, u"t"_s};
    QTest::newRow("once") << QStringList{uuid, u"t"_s, uuid} << QStringList{uuid, u"t"_s};
    QTest::newRow("address") << QStringList{u"https://guardian.example:443/task/t?last=1"_s}
                             << QStringList{u"t"_s};
    QTest::newRow("list") << QStringList{u"t-1,t-2"_s} << QStringList{u"t-1"_s, u"t-2"_s};
    QTest::newRow("any form") << QStringList{u"my own ID"_s} << QStringList{u"my own ID"_s};
    QTest::newRow("JSON") << QStringList{u"{\"taskId\":\"a\"}"_s} << QStringList{u"a"_s};
}

void TestTarget::argumentsNameTasks()
{
    QFETCH(const QStringList, arguments);
    QTEST(idsOf(arguments), "ids");
}

void TestTarget::argumentsWithoutATaskAreNamed_data()
{
    QTest::addColumn<QString>("argument");
    QTest::newRow("site") << u"https://guardian.example/"_s;
    QTest::newRow("JSON") << u"{\"a\":1}"_s;
    QTest::newRow("path step") << u".."_s;
    QTest::newRow("too long") << QString(u'x').repeated(1'000);
}

void TestTarget::argumentsWithoutATaskAreNamed()
{
    QFETCH(const QString, argument);
    const auto tasks = tasksOf({uuid, argument}, site);
    QVERIFY(!tasks);
    QVERIFY(tasks.error().message.contains(argument.left(80)));
    QVERIFY(!tasksOf({u" "_s}, site));
}

void TestTarget::tasksOfAnotherServerAreRefused()
{
    const auto tasks = tasksOf({u"https://other.example/task/t"_s}, site);
    QVERIFY(!tasks);
    QVERIFY(tasks.error().nextStep.contains("--server https://other.example"_L1));
}

void TestTarget::tooManyTasksAreRefused()
{
    QStringList arguments;
    for (int i = 0; i < 10'001; ++i)
        arguments += u"t-%1"_s.arg(i);
    QVERIFY(!tasksOf(arguments, site));
    arguments.removeLast();
    QVERIFY(tasksOf(arguments, site));
}

QTEST_GUILESS_MAIN(TestTarget)
#include "test_target.moc"
