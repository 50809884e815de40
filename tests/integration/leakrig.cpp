#include "leakrig.h"

#include <QFile>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

LeakRig::LeakRig() = default;

LeakRig::~LeakRig()
{
    m_monitor.terminate();
    m_monitor.waitForFinished(5'000);
}

QString LeakRig::start(const Clock &clock)
{
    for (const QString &trouble : {bus.start(), bus.startKeyring()}) {
        if (!trouble.isEmpty())
            return trouble;
    }
    if (!daemon.start(bus.address()))
        return u"the notification daemon did not start"_s;
    m_monitor.setStandardOutputFile(path(u"bus"_s));
    m_monitor.start(u"dbus-monitor"_s, {u"--address"_s, bus.address()});
    if (!m_monitor.waitForStarted())
        return u"dbus-monitor is missing: install the package dbus-bin"_s;
    sim = std::make_unique<GuardianSimulator>(clock);
    sim->accounts().setPlainToken(plainToken);
    sim->accounts().setAccessLife(60s);
    sim->accounts().addUser(
        {.name = u"bob"_s, .password = QString::fromLatin1(password), .id = u"bob"_s});
    if (!sim->listen())
        return u"the simulator does not listen"_s;
    m_foreign =
        std::make_unique<ScriptedPeer>([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
    secrets.add(u"the password"_s, password);
    secrets.add(u"the wrong password"_s, wrongPassword);
    secrets.add(u"the plain token"_s, plainToken);
    secrets.add(u"the wrong token"_s, wrongToken);
    secrets.add(u"the secret result"_s, secretResult);
    return {};
}

QByteArray LeakRig::contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

TaskId LeakRig::startTask(Script script)
{
    StartOptions options;
    options.userId = u"bob"_s;
    return sim->start(script, options);
}

void LeakRig::redirectAway(const QString &taskId)
{
    Fault redirect;
    redirect.kind = Fault::Kind::Redirect;
    redirect.target = m_foreign->url(u"/elsewhere"_s);
    redirect.taskId = taskId;
    redirect.count = -1;
    sim->addFault(redirect);
}

/// Those that the program was given and used meanwhile.
void LeakRig::addTokensOfRequests()
{
    for (const SimRequest &request : sim->log()) {
        if (m_known.contains(request.token))
            continue;
        m_known.insert(request.token);
        secrets.add(u"an access token"_s, request.token);
    }
}

QString LeakRig::inFiles()
{
    addTokensOfRequests();
    const QByteArray history =
        contentOf(path(u"data/data/history.db"_s)) + contentOf(path(u"data/data/history.db-wal"_s));
    if (!history.contains(label.toUtf8()))
        return u"the history holds no task: this search is blind"_s;
    return secrets.inFolder(folder.path());
}

QString LeakRig::onTheBus(const QByteArray &control)
{
    addTokensOfRequests();
    const auto isHeard = [&] {
        const QByteArray heard = contentOf(path(u"bus"_s));
        return heard.contains(control) && heard.contains("org.freedesktop.Secret");
    };
    if (!QTest::qWaitFor(isHeard, 5'000))
        return u"the bus was not listened to"_s;
    return secrets.in(contentOf(path(u"bus"_s)), u"the bus"_s);
}

QString LeakRig::inAddresses()
{
    addTokensOfRequests();
    QByteArray addresses;
    for (const SimRequest &request : sim->log())
        addresses += request.path.toUtf8() + '\n';
    if (!addresses.contains("accounts/access-token"))
        return u"no address was kept"_s;
    return secrets.in(addresses, u"the addresses"_s);
}

/// Redirects are said, not followed.
QString LeakRig::atTheForeignOrigin()
{
    if (!m_foreign->requests().isEmpty())
        return u"the foreign server was asked"_s;
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_foreign->port());
    socket.write("GET /x HTTP/1.1\r\nAuthorization: Bearer " + plainToken + "\r\n\r\n");
    if (!QTest::qWaitFor([&] { return m_foreign->requests().size() == 1; }, 5'000)
        || secrets.in(m_foreign->requests().constFirst().headers.value("authorization"), {})
               .isEmpty())
        return u"the foreign server would not have been heard"_s;
    return {};
}
