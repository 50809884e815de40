#include "demo.h"
#include "guardiansimulator.h"
#include "scaledclock.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>
#include <QSslCertificate>
#include <QSslKey>

#include <tl/expected.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int usageError = 64;

std::array<int, 2> signalPipe{-1, -1};

void onSignal(int /*number*/)
{
    const char byte = 0;
    // Nothing to be done about a failure here.
    [[maybe_unused]] const auto written = ::write(signalPipe[1], &byte, 1);
}

/// SIGTERM and SIGINT end the event loop, not the process in its midst.
void quitOnSignals(QCoreApplication &app)
{
    if (::pipe(signalPipe.data()) != 0)
        return;
    auto *notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, &app);
    QObject::connect(notifier, &QSocketNotifier::activated, &app, &QCoreApplication::quit);
    struct sigaction action = {};
    action.sa_handler = onSignal;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
}

void quitWithStdin(QCoreApplication &app)
{
    auto *notifier = new QSocketNotifier(STDIN_FILENO, QSocketNotifier::Read, &app);
    QObject::connect(notifier, &QSocketNotifier::activated, &app, [notifier] {
        std::array<char, 256> bytes{};
        if (::read(STDIN_FILENO, bytes.data(), bytes.size()) > 0)
            return;
        notifier->setEnabled(false);
        QCoreApplication::quit();
    });
}

tl::expected<SimDialect, QString> dialectOf(const QString &word)
{
    if (word == "documented"_L1)
        return SimDialect::Documented;
    if (word == "deployed"_L1)
        return SimDialect::Deployed;
    if (word == "old"_L1)
        return SimDialect::Old;
    return tl::unexpected(u"--dialect must be documented, deployed or old"_s);
}

tl::expected<QSslConfiguration, QString> tlsOf(const QString &certificateFile,
                                               const QString &keyFile)
{
    const auto chain = QSslCertificate::fromPath(certificateFile);
    QFile file(keyFile);
    if (chain.isEmpty() || !file.open(QIODevice::ReadOnly))
        return tl::unexpected(u"cannot read --cert or --key"_s);
    const QByteArray pem = file.readAll();
    QSslKey key(pem, QSsl::Rsa);
    if (key.isNull())
        key = QSslKey(pem, QSsl::Ec);
    if (key.isNull())
        return tl::unexpected(u"--key holds neither an RSA nor an EC key"_s);
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone); // no certificates of clients
    return configuration;
}

/// Only for us to read, from its first byte on.
bool writePrivate(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    constexpr auto ours = QFile::ReadOwner | QFile::WriteOwner;
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate, ours) && file.setPermissions(ours)
           && file.write(bytes) == bytes.size();
}

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(u"A Guardian server made up of scripts, on 127.0.0.1 only."_s);
    parser.addHelpOption();
    parser.addOptions({
        {u"port"_s, u"Listen on this port (0: any)."_s, u"N"_s, u"0"_s},
        {u"dialect"_s, u"documented, deployed or old."_s, u"WORD"_s, u"deployed"_s},
        {u"api-path"_s, u"Where the API is; may be given twice; / is the root."_s, u"PATH"_s,
         u"/api/v1"_s},
        {u"time-scale"_s, u"Let time pass so many times faster."_s, u"F"_s, u"1"_s},
        {u"demo"_s, u"Start about 40 tasks of every kind, and more as time goes by."_s},
        {u"demo-ids"_s, u"Write the demo's tasks there, as taskwatch --watch-file reads them."_s,
         u"FILE"_s},
        {u"token-file"_s,
         u"Take the bearer token from there, or write one if there is none (0600)."_s, u"FILE"_s},
        {u"print-token"_s, u"Put the bearer token into the line that is printed."_s},
        {u"access-life"_s, u"Seconds that an access token lives (default: ten years)."_s, u"S"_s},
        {u"cert"_s, u"Serve https with this certificate (PEM)."_s, u"FILE"_s},
        {u"key"_s, u"… and its private key (PEM)."_s, u"FILE"_s},
        {u"no-gzip"_s, u"Never pack replies."_s},
        {u"for"_s, u"End after so many real seconds."_s, u"S"_s},
        {u"exit-with-stdin"_s, u"End when standard input is closed."_s},
    });
}

struct Settings {
    SimOptions simulator;
    quint16 port = 0;
    double scale = 1;
    std::optional<milliseconds> accessLife;
    std::optional<milliseconds> lifetime;
};

tl::expected<std::optional<milliseconds>, QString> secondsOf(const QCommandLineParser &parser,
                                                             const QString &name)
{
    if (!parser.isSet(name))
        return std::nullopt;
    bool ok = false;
    const double seconds = parser.value(name).toDouble(&ok);
    if (!ok || seconds <= 0 || seconds > 1e9)
        return tl::unexpected(u"--%1 must be a number of seconds above 0"_s.arg(name));
    return milliseconds{qint64(seconds * 1000)};
}

tl::expected<Settings, QString> settingsOf(const QCommandLineParser &parser)
{
    Settings settings;
    const auto dialect = dialectOf(parser.value(u"dialect"_s));
    if (!dialect)
        return tl::unexpected(dialect.error());
    settings.simulator.dialect = *dialect;
    settings.simulator.apiPaths.clear();
    const QStringList paths = parser.values(u"api-path"_s);
    for (const QString &path : paths)
        settings.simulator.apiPaths.append(path == "/"_L1 ? QString() : path);
    if (parser.isSet(u"cert"_s) || parser.isSet(u"key"_s)) {
        auto tls = tlsOf(parser.value(u"cert"_s), parser.value(u"key"_s));
        if (!tls)
            return tl::unexpected(tls.error());
        settings.simulator.tls = *tls;
    }
    bool ok = false;
    settings.port = parser.value(u"port"_s).toUShort(&ok);
    if (!ok)
        return tl::unexpected(u"--port must be from 0 to 65535"_s);
    settings.scale = parser.value(u"time-scale"_s).toDouble(&ok);
    if (!ok || settings.scale <= 0 || settings.scale > 100'000)
        return tl::unexpected(u"--time-scale must be above 0"_s);
    const auto access = secondsOf(parser, u"access-life"_s);
    const auto lifetime = secondsOf(parser, u"for"_s);
    if (!access || !lifetime)
        return tl::unexpected(access ? lifetime.error() : access.error());
    settings.accessLife = *access;
    settings.lifetime = *lifetime;
    return settings;
}

/// Takes the token from a file that holds one, or writes ours into it.
bool shareToken(const QString &path, SimAccounts &accounts)
{
    QFile file(path);
    const QByteArray given =
        file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
    if (given.isEmpty())
        return writePrivate(path, accounts.plainToken() + '\n');
    accounts.setPlainToken(given);
    return true;
}

/// Writes what was asked for and prints the one line; an error in words otherwise.
tl::expected<void, QString> announce(const QCommandLineParser &parser, GuardianSimulator &simulator,
                                     const QJsonArray &tasks)
{
    if (parser.isSet(u"token-file"_s)
        && !shareToken(parser.value(u"token-file"_s), simulator.accounts()))
        return tl::unexpected(u"cannot write the token file"_s);
    QByteArray ids;
    for (const auto &task : tasks)
        ids += QJsonDocument(task.toObject()).toJson(QJsonDocument::Compact) + '\n';
    if (parser.isSet(u"demo-ids"_s) && !writePrivate(parser.value(u"demo-ids"_s), ids))
        return tl::unexpected(u"cannot write the file of tasks"_s);
    QJsonObject line{{u"url"_s, simulator.siteUrl().toString()},
                     {u"apiRoot"_s, simulator.apiRoot().toString()},
                     {u"pushUrl"_s, simulator.pushUrl().toString()},
                     {u"user"_s, simulator.accounts().firstUser().name},
                     {u"tasks"_s, tasks}};
    if (parser.isSet(u"print-token"_s))
        line["token"_L1] = QString::fromLatin1(simulator.accounts().plainToken());
    std::puts(QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
    return {};
}

int fail(const QString &message, int status)
{
    std::fprintf(stderr, "guardian-sim: %s\n", qUtf8Printable(message));
    return status;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"guardian-sim"_s);
    QCommandLineParser parser;
    addOptions(parser);
    parser.process(app);
    const auto settings = settingsOf(parser);
    if (!settings)
        return fail(settings.error(), usageError);

    const SystemClock realTime;
    const ScaledClock clock(settings->scale);
    GuardianSimulator simulator(clock, settings->simulator);
    simulator.accounts().setAccessLife(settings->accessLife);
    simulator.front().setGzip(!parser.isSet(u"no-gzip"_s));
    if (!simulator.listen(settings->port))
        return fail(u"cannot listen on port %1"_s.arg(settings->port), 1);
    std::unique_ptr<Demo> demo;
    if (parser.isSet(u"demo"_s))
        demo = std::make_unique<Demo>(simulator, clock);
    quitOnSignals(app);
    if (parser.isSet(u"exit-with-stdin"_s))
        quitWithStdin(app);
    const auto end = realTime.makeTimer([] { QCoreApplication::quit(); });
    if (settings->lifetime)
        end->start(*settings->lifetime);
    if (const auto said = announce(parser, simulator, demo ? demo->tasks() : QJsonArray()); !said)
        return fail(said.error(), 1);
    return QCoreApplication::exec();
}
