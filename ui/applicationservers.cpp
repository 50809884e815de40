// How the application deals with servers: which are asked, and what is told of them.

#include "application.h"

#include "account/connectflow.h"
#include "account/connectpage.h"
#include "account/serverchoice.h"
#include "account/serverdesk.h"
#include "account/serverdialogs.h"
#include "account/serverlistmodel.h"
#include "cli/giventokens.h"
#include "desktop/desktopnotifier.h"
#include "desktop/desktoppresence.h"
#include "desktop/noticedesk.h"
#include "mainwindow.h"
#include "window/banner.h"

namespace {

/// What is told of a server that is not usable: no sign-in would help.
const ConnectionStatus notAsked{Connection::Paused, {}, {}, {}};

} // namespace

/// Which of the servers the command line means, if any: its token and its tasks are for that one.
void Application::chooseServer()
{
    const QList<ServerProfile> &stored = m_servers->profiles();
    if (m_setup.line.server.isEmpty()) {
        if (stored.isEmpty())
            openConnectPage();
        else
            begin(stored.constFirst());
        return;
    }
    auto *choice = new ServerChoice(networkSettings(), m_clock, this);
    connect(choice, &ServerChoice::chosen, this, [this](const ServerProfile &profile) {
        m_servers->use(profile);
        begin(profile);
        if (m_servers->profiles().size() > 1)
            m_window->chooseServer(profile.id);
    });
    connect(choice, &ServerChoice::refused, this, &Application::refuseServer);
    choice->choose(m_setup.line, stored, m_settings.requestsPerSecond);
}

/// There is a server to watch.
void Application::begin(const ServerProfile &first)
{
    m_window->showTasks();
    if (!m_given.isNull())
        return;
    m_given = first.id;
    useGivenTokens(first.id);
    openHistory();
    if (m_ready)
        watchGivenTasks();
}

void Application::useGivenTokens(const ServerId &server)
{
    const auto [given, note] = givenTokens(m_setup.line);
    const QString variable = givenVariable(m_setup.line);
    m_setup.line.refreshToken = {};
    m_setup.line.token = {};
    if (!given.hasToken())
        return;
    if (m_setup.line.server.isEmpty() && m_servers->profiles().size() > 1) {
        say(tr("The token of %1 was not used.").arg(variable),
            tr("There are several servers. Name the one that it is for with --server."));
        return;
    }
    m_servers->setCredentialsForThisRun(server, given);
    if (!note.isEmpty())
        say(tr("The token of the environment is not what its variable says."), note);
}

void Application::refuseServer(const QString &headline, const QString &nextStep)
{
    if (!m_servers->profiles().isEmpty())
        openHistory(); // the others go on
    openConnectPage();
    m_window->connectPage().setAddress(m_setup.line.server);
    m_window->connectPage().setResult(ConnectPage::Mood::Bad, headline, nextStep);
}

void Application::takeConnection(const ServerId &server, const ConnectionStatus &status)
{
    if (!m_servers->find(server)) { // said before the engine knew that it was removed
        m_heldBack.remove(server);
        return;
    }
    const bool isAwaited =
        status.state == Connection::SignInNeeded && m_servers->isTokenAwaited(server);
    if (!isAwaited && m_servers->isUsable(server)) {
        m_heldBack.remove(server);
        tellConnection(server, status);
        return;
    }
    m_heldBack.insert(server, status);
    if (isAwaited)
        m_tasks.interrupt(server);
}

void Application::tellConnection(const ServerId &server, const ConnectionStatus &status)
{
    if (status.state != Connection::Live && status.state != Connection::Polling)
        m_tasks.interrupt(server);
    m_window->setConnection(server, status);
    m_notices->notifier().takeConnection(server, status);
    m_dialogs->setConnection(server, status);
    m_presence->setConnection(server, status.state);
}

/// Nothing more is to be waited for.
void Application::takeHeldBack(const ServerId &server)
{
    if (const auto held = m_heldBack.constFind(server); held != m_heldBack.cend())
        takeConnection(server, ConnectionStatus(*held));
}

void Application::openConnectPage()
{
    m_connect->begin(networkSettings());
    m_window->showConnectPage();
}

void Application::openServers(const std::optional<ServerId> &server)
{
    if (m_servers->profiles().isEmpty())
        openConnectPage();
    else
        m_dialogs->openServers(server);
}

void Application::takeConnected(const ServerProfile &profile, const Credentials &credentials,
                                const QString &account)
{
    m_servers->save(profile);
    m_servers->signIn(profile.id, credentials, account);
    begin(profile);
}

void Application::sayWhetherUsable(const ServerId &server, const QString &why)
{
    const ServerProfile *profile = m_servers->find(server);
    if (why.isEmpty() || !profile) {
        m_window->banner().remove(BannerKind::NotUsable, server);
        if (m_servers->credentials(server).hasToken())
            m_heldBack.remove(server); // the engine gets it, and tells how that goes
        else
            takeHeldBack(server);
        return;
    }
    tellConnection(server, notAsked);
    m_window->banner().set(
        BannerKind::NotUsable,
        {tr("%1 is not asked as it is set up.").arg(serverName(*profile)), why, tr("Edit…"), false},
        server);
}

/// To those that show servers, once these know them.
void Application::sayWhichAreNotAsked()
{
    for (const ServerProfile &profile : m_servers->profiles()) {
        if (!m_servers->isUsable(profile.id))
            tellConnection(profile.id, notAsked);
    }
}
