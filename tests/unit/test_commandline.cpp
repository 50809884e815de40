#include "cli/commandline.h"
#include "cli/commandtable.h"
#include "cli/giventokens.h"

#include <QDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(std::optional<std::chrono::milliseconds>)

namespace {

const QString jwt = u"eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6ImEifQ.c2lnbmF0dXJl"_s;

CommandLine parsed(const QString &line)
{
    return parseCommandLine(line.split(u' ', Qt::SkipEmptyParts)).value();
}

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutArgumentsTheWindowOpens();
    void optionsAreRead();
    void showTakesTasksAsTheyAre();
    void waitTakesItsOptions();
    void timesAreRead_data();
    void timesAreRead();
    void trackTakesTasksAndTheWindowsOptions();
    void aLinkOpensTheWindow();
    void windowOptionsAreRead();
    void helpAndVersionWin();
    void qtOptionsArePassedOver_data();
    void qtOptionsArePassedOver();
    void wrongUseIsNamed_data();
    void wrongUseIsNamed();
    void tokensAreRefusedUnseen_data();
    void tokensAreRefusedUnseen();
    void theHelpNamesWhatTheTableHas();
    void usageTextsAreSafeForATerminal();
    void tokensAreWhatTheirClaimsSay_data();
    void tokensAreWhatTheirClaimsSay();
    void aSecretLeavesTheEnvironment();
    void aSecretOfTheEnvironmentIsTrimmed_data();
    void aSecretOfTheEnvironmentIsTrimmed();
    void theNearestIsSuggested_data();
    void theNearestIsSuggested();
};

void TestCommandLine::withoutArgumentsTheWindowOpens()
{
    const CommandLine line = parsed({});
    QCOMPARE(line.mode, CommandLine::Mode::Window);
    QCOMPARE(line.logLevel, LogLevel::Warning);
    QVERIFY(line.dataDir.isEmpty() && line.server.isEmpty() && line.screenshot.isEmpty());
    QVERIFY(!line.allowHttp);
}

void TestCommandLine::optionsAreRead()
{
    const CommandLine line =
        parsed(u"--data-dir some/../dir --server=https://h --log-level Debug --allow-http"_s);
    QCOMPARE(line.dataDir, QDir::currentPath() + u"/dir"_s);
    QCOMPARE(line.server, u"https://h"_s);
    QCOMPARE(line.logLevel, LogLevel::Debug);
    QVERIFY(line.allowHttp);
}

void TestCommandLine::showTakesTasksAsTheyAre()
{
    const CommandLine line = parsed(u"--server h show a b --json https://h/task/c"_s);
    QCOMPARE(line.mode, CommandLine::Mode::Show);
    QCOMPARE(line.tasks, (QStringList{u"a"_s, u"b"_s, u"https://h/task/c"_s}));
    QVERIFY(line.json);
    QCOMPARE(parsed(u"show -- --json -platform"_s).tasks,
             (QStringList{u"--json"_s, u"-platform"_s}));
}

void TestCommandLine::waitTakesItsOptions()
{
    const CommandLine line = parsed(u"wait a b --any --timeout 30m --quiet"_s);
    QCOMPARE(line.mode, CommandLine::Mode::Wait);
    QCOMPARE(line.tasks, (QStringList{u"a"_s, u"b"_s}));
    QVERIFY(line.any && line.quiet && !line.json);
    QCOMPARE(line.timeout, std::optional(std::chrono::milliseconds(30min)));
    QVERIFY(!parsed(u"wait a --all"_s).any);
    QVERIFY(!parsed(u"wait a"_s).timeout);
}

void TestCommandLine::timesAreRead_data()
{
    using Time = std::optional<std::chrono::milliseconds>;
    QTest::addColumn<QString>("text");
    QTest::addColumn<Time>("time");
    QTest::newRow("bare") << u"90"_s << Time(90s);
    QTest::newRow("seconds") << u"90s"_s << Time(90s);
    QTest::newRow("minutes") << u"30m"_s << Time(30min);
    QTest::newRow("hours and minutes") << u"1h30m"_s << Time(90min);
    QTest::newRow("days") << u"1d"_s << Time(24h);
    QTest::newRow("nothing") << QString() << Time();
    QTest::newRow("zero") << u"0"_s << Time();
    QTest::newRow("below zero") << u"-5"_s << Time();
    QTest::newRow("a fraction") << u"1.5h"_s << Time();
    QTest::newRow("the wrong way round") << u"30m1h"_s << Time();
    QTest::newRow("unit alone") << u"m"_s << Time();
    QTest::newRow("more than a year") << u"400d"_s << Time();
    QTest::newRow("far too long") << u"99999999999999999999"_s << Time();
}

void TestCommandLine::timesAreRead()
{
    QFETCH(const QString, text);
    QTEST(durationFrom(text), "time");
}

void TestCommandLine::trackTakesTasksAndTheWindowsOptions()
{
    const CommandLine line = parsed(u"track a - https://h/task/c --screenshot /f"_s);
    QCOMPARE(line.mode, CommandLine::Mode::Track);
    QCOMPARE(line.tasks, (QStringList{u"a"_s, u"-"_s, u"https://h/task/c"_s}));
    QCOMPARE(line.screenshot, u"/f"_s);
}

void TestCommandLine::aLinkOpensTheWindow()
{
    const CommandLine line = parsed(u"taskwatch:a1 --data-dir /d"_s);
    QCOMPARE(line.mode, CommandLine::Mode::Window);
    QCOMPARE(line.link, u"taskwatch:a1"_s);
    QVERIFY(!parseCommandLine({u"taskwatch:a1"_s, u"b"_s}));
}

void TestCommandLine::windowOptionsAreRead()
{
    const CommandLine line = parsed(
        u"--screenshot /a/b.png --screenshot-size 1024x640 --watch-file w --end-after rows"_s);
    QCOMPARE(line.screenshot, u"/a/b.png"_s);
    QCOMPARE(line.screenshotSize, QSize(1024, 640));
    QCOMPARE(line.endAfter, CommandLine::EndAfter::Rows);
    QCOMPARE(line.watchFile, QDir::currentPath() + u"/w"_s);
}

void TestCommandLine::helpAndVersionWin()
{
    QCOMPARE(parsed(u"show --help"_s).mode, CommandLine::Mode::Help);
    QCOMPARE(parsed(u"-h"_s).mode, CommandLine::Mode::Help);
    QCOMPARE(parsed(u"--version"_s).mode, CommandLine::Mode::Version);
    QCOMPARE(parsed(u"-v"_s).mode, CommandLine::Mode::Version);
    QVERIFY(versionText().startsWith("Taskwatch "_L1));
}

void TestCommandLine::qtOptionsArePassedOver_data()
{
    QTest::addColumn<QString>("line");
    QTest::newRow("platform") << u"-platform offscreen --server h"_s;
    QTest::newRow("two dashes") << u"--platform offscreen --server h"_s;
    QTest::newRow("style=") << u"-style=fusion --server h"_s;
    QTest::newRow("reverse") << u"-reverse --server h"_s;
    QTest::newRow("at the end") << u"--server h -session"_s;
}

void TestCommandLine::qtOptionsArePassedOver()
{
    QFETCH(const QString, line);
    QCOMPARE(parsed(line).server, u"h"_s);
}

void TestCommandLine::wrongUseIsNamed_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named");
    QTest::addColumn<QString>("next");
    const auto row = [](const char *name, const QStringList &arguments, const QString &named,
                        const QString &next) { QTest::newRow(name) << arguments << named << next; };
    row("command", {u"shwo"_s, u"a"_s}, u"“shwo”"_s, u"“taskwatch show”"_s);
    row("short command", {u"sh"_s}, u"“sh”"_s, u"“taskwatch show”"_s);
    row("nothing like it", {u"bananas"_s}, u"“bananas”"_s, u"--help"_s);
    row("an ID as command", {u"5d2c7f4e-2f5b"_s}, u"“5d2c7f4e-2f5b”"_s,
        u"taskwatch show 5d2c7f4e-2f5b"_s);
    row("option", {u"--sever"_s, u"h"_s}, u"“--sever”"_s, u"“--server”"_s);
    row("option unlike any", {u"--xyzzy"_s}, u"“--xyzzy”"_s, u"--help"_s);
    row("short option", {u"-x"_s}, u"“-x”"_s, u"--help"_s);
    row("hidden ones are not suggested", {u"--screenshot-siz"_s, u"1x1"_s}, u"-siz”"_s, u"--"_s);
    row("no value", {u"--server"_s}, u"--server"_s, u"--help"_s);
    row("empty value", {u"--data-dir="_s}, u"“--data-dir”"_s, u"--data-dir DIR"_s);
    row("blank value", {u"--server"_s, u" "_s}, u"“--server”"_s, u"--server URL"_s);
    row("value too many", {u"show"_s, u"a"_s, u"--json=1"_s}, u"--json"_s, u"--help"_s);
    row("log level", {u"--log-level"_s, u"loud"_s}, u"“loud”"_s, u"debug, info"_s);
    row("size", {u"--screenshot"_s, u"a"_s, u"--screenshot-size"_s, u"10x10"_s}, u"“10x10”"_s,
        u"320x240"_s);
    row("end after what", {u"--end-after"_s, u"lunch"_s}, u"“lunch”"_s, u"paint, rows, quit"_s);
    row("narrow", {u"--screenshot-size"_s, u"319x999"_s}, u"“319x999”"_s, u"320x240"_s);
    row("json without a command", {u"--json"_s}, u"“--json”"_s, u"taskwatch show"_s);
    row("window's with a command", {u"show"_s, u"a"_s, u"--screenshot"_s, u"f"_s},
        u"“--screenshot”"_s, u"Leave"_s);
    row("wait what", {u"wait"_s}, u"“wait”"_s, u"taskwatch wait 5d2c"_s);
    row("time", {u"wait"_s, u"a"_s, u"--timeout"_s, u"soon"_s}, u"“soon”"_s, u"30m"_s);
    row("any and all", {u"wait"_s, u"a"_s, u"--any"_s, u"--all"_s}, u"“--all”"_s, u"Leave"_s);
    row("json and quiet", {u"wait"_s, u"a"_s, u"--json"_s, u"--quiet"_s}, u"“--quiet”"_s,
        u"Leave"_s);
    row("wait's for show", {u"show"_s, u"a"_s, u"--any"_s}, u"“show”"_s, u"wait ID --any"_s);
    row("login whom", {u"login"_s, u"--server"_s, u"h"_s}, u"“login”"_s, u"--user alice"_s);
    row("login with words", {u"login"_s, u"a"_s}, u"“login”"_s, u"never an argument"_s);
    row("logout with words", {u"logout"_s, u"a"_s}, u"“a”"_s, u"--server"_s);
    row("list in two formats", {u"list"_s, u"--json"_s, u"--csv"_s}, u"--csv"_s, u"Leave one"_s);
    row("show as CSV", {u"show"_s, u"a"_s, u"--csv"_s}, u"--csv"_s, u"list"_s);
    row("list with words", {u"list"_s, u"a"_s}, u"“a”"_s, u"--filter"_s);
    row("user for show", {u"show"_s, u"a"_s, u"--user"_s, u"b"_s}, u"“--user”"_s, u"login"_s);
    row("show what", {u"show"_s}, u"“show”"_s, u"taskwatch show 5d2c"_s);
    row("track what", {u"track"_s}, u"“track”"_s, u"taskwatch track 5d2c"_s);
}

void TestCommandLine::wrongUseIsNamed()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, named);
    QFETCH(const QString, next);
    const auto result = parseCommandLine(arguments);
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(named), qPrintable(result.error().message));
    QVERIFY2(result.error().nextStep.contains(next), qPrintable(result.error().nextStep));
}

void TestCommandLine::tokensAreRefusedUnseen_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("as a task") << QStringList{u"show"_s, jwt};
    QTest::newRow("as a command") << QStringList{jwt};
    QTest::newRow("in an address") << QStringList{u"--server"_s, u"https://h/?token="_s + jwt};
    QTest::newRow("header") << QStringList{u"show"_s, u"Authorization: Bearer marker-marker"_s};
    QTest::newRow("an option for it") << QStringList{u"--token"_s, u"marker-marker"_s};
    QTest::newRow("a password") << QStringList{u"login"_s, u"--password=marker-marker"_s};
    QTest::newRow("with =") << QStringList{u"--access-token=marker-marker"_s};
    QTest::newRow("the variable") << QStringList{u"--TASKWATCH_TOKEN=marker-marker"_s};
}

void TestCommandLine::tokensAreRefusedUnseen()
{
    QFETCH(const QStringList, arguments);
    const auto result = parseCommandLine(arguments);
    QVERIFY(!result);
    const QString text = usageText(result.error());
    QVERIFY(text.contains("TASKWATCH_TOKEN"_L1));
    QVERIFY(!text.contains("eyJ"_L1) && !text.contains("marker"_L1));
}

void TestCommandLine::theHelpNamesWhatTheTableHas()
{
    const QString help = helpText();
    for (const OptionRow &row : optionTable())
        QCOMPARE(help.contains(u"--"_s + row.names.last() + u' '), !row.hidden);
    for (const CommandRow &row : commandTable())
        QVERIFY(help.contains(row.name + u' ' + row.arguments));
    for (const QString &line : help.split(u'\n'))
        QVERIFY2(line.size() <= 90, qPrintable(line));
}

void TestCommandLine::usageTextsAreSafeForATerminal()
{
    const auto result = parseCommandLine({u"a\x1b[31m\n"_s});
    QVERIFY(!result);
    const QString text = usageText(result.error());
    QVERIFY(!text.contains(u'\x1b'));
    QCOMPARE(text.count(u'\n'), 2);
}

void TestCommandLine::tokensAreWhatTheirClaimsSay_data()
{
    const auto made = [](const QByteArray &payload) {
        return "h."
               + payload.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
               + ".s";
    };
    const QByteArray access = made(R"({"username":"alice","role":"USER"})");
    const QByteArray access2 = made(R"({"username":"bob","role":"USER"})");
    const QByteArray refresh = made(R"({"id":"1","name":"alice"})");
    const QByteArray refresh2 = made(R"({"id":"2","name":"bob"})");
    const QByteArray strange = made(R"({"sub":"1"})");
    QTest::addColumn<QByteArray>("token");        // in TASKWATCH_TOKEN
    QTest::addColumn<QByteArray>("refreshToken"); // in TASKWATCH_REFRESH_TOKEN
    QTest::addColumn<QByteArray>("usedAsAccess");
    QTest::addColumn<QByteArray>("usedAsRefresh");
    QTest::addColumn<QStringList>("said"); // of which variables; empty: nothing
    const QString one = u"TASKWATCH_TOKEN holds a refresh token"_s;
    const QString other = u"TASKWATCH_REFRESH_TOKEN holds an access token"_s;
    const QByteArray none;
    QTest::newRow("none") << none << none << none << none << QStringList();
    QTest::newRow("right") << access << refresh << access << refresh << QStringList();
    QTest::newRow("opaque") << "a"_ba
                            << "r"_ba
                            << "a"_ba
                            << "r"_ba << QStringList();
    QTest::newRow("unknown claims") << strange << strange << strange << strange << QStringList();
    QTest::newRow("refresh as access") << refresh << none << none << refresh << QStringList{one};
    QTest::newRow("access as refresh") << none << access << access << none << QStringList{other};
    QTest::newRow("swapped") << refresh << access << access << refresh << QStringList{one, other};
    QTest::newRow("two refresh tokens")
        << refresh << refresh2 << none << refresh2 << QStringList{one};
    QTest::newRow("two access tokens") << access << access2 << access << none << QStringList{other};
}

void TestCommandLine::tokensAreWhatTheirClaimsSay()
{
    QFETCH(const QByteArray, token);
    QFETCH(const QByteArray, refreshToken);
    QFETCH(const QStringList, said);
    CommandLine line;
    line.token = Secret(token);
    line.refreshToken = Secret(refreshToken);
    const GivenTokens given = givenTokens(line);
    QTEST(given.credentials.accessToken.reveal(), "usedAsAccess");
    QTEST(given.credentials.refreshToken.reveal(), "usedAsRefresh");
    QCOMPARE(given.note.isEmpty(), said.isEmpty());
    for (const QString &words : said)
        QVERIFY2(given.note.contains(words), qPrintable(given.note));
}

void TestCommandLine::aSecretLeavesTheEnvironment()
{
    qputenv("TASKWATCH_TEST_SECRET", "marker");
    const char *const seenByPs = qEnvironmentVariableIsSet("TASKWATCH_TEST_SECRET")
                                     ? std::getenv("TASKWATCH_TEST_SECRET")
                                     : nullptr;
    QCOMPARE(takeSecretFromEnvironment("TASKWATCH_TEST_SECRET").reveal(), QByteArray("marker"));
    QVERIFY(!qEnvironmentVariableIsSet("TASKWATCH_TEST_SECRET"));
    QCOMPARE(QByteArray(seenByPs), QByteArray());
    QVERIFY(takeSecretFromEnvironment("TASKWATCH_TEST_SECRET").isEmpty());
}

void TestCommandLine::aSecretOfTheEnvironmentIsTrimmed_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("plain") << QByteArray("marker");
    QTest::newRow("line feed of cat") << QByteArray("marker\n");
    QTest::newRow("header") << QByteArray(" bearer  marker ");
}

void TestCommandLine::aSecretOfTheEnvironmentIsTrimmed()
{
    QFETCH(const QByteArray, value);
    qputenv("TASKWATCH_TEST_SECRET", value);
    QCOMPARE(takeSecretFromEnvironment("TASKWATCH_TEST_SECRET").reveal(), QByteArray("marker"));
}

void TestCommandLine::theNearestIsSuggested_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("suggestion");
    QTest::newRow("itself") << u"show"_s << u"show"_s;
    QTest::newRow("swapped") << u"hsow"_s << u"show"_s;
    QTest::newRow("too short") << u"x"_s << QString();
    QTest::newRow("unlike") << u"completely"_s << QString();
    QTest::newRow("case") << u"SERVR"_s << u"server"_s;
    QTest::newRow("start") << u"allow"_s << u"allow-http"_s;
    QTest::newRow("nothing") << QString() << QString();
}

void TestCommandLine::theNearestIsSuggested()
{
    QFETCH(const QString, word);
    QTEST(nearest(word, {u"show"_s, u"server"_s, u"allow-http"_s}), "suggestion");
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "test_commandline.moc"
