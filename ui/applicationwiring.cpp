// What Application connects with what; what follows from it is in application.cpp.
#include "account/connectflow.h"
#include "account/connectpage.h"
#include "account/keychainnotices.h"
#include "account/serverdesk.h"
#include "account/serverdialogs.h"
#include "application.h"
#include "desktop/desktopnotifier.h"
#include "desktop/desktoppresence.h"
#include "desktop/networkwatch.h"
#include "desktop/noticedesk.h"
#include "desktop/requestdesk.h"
#include "history/historystore.h"
#include "history/historyworker.h"
#include "intake/discoverydesk.h"
#include "intake/intakedesk.h"
#include "mainwindow.h"
#include "tasks/tasktablemodel.h"
#include "window/banner.h"

void Application::connectEngine()
{
    connect(&m_tasks, &TaskStore::wished, m_engine, &Engine::applyWishes);
    connect(m_engine, &Engine::polled, this, &Application::takePolls);
    connect(m_engine, &Engine::connectionChanged, this, &Application::takeConnection);
    connect(m_engine, &Engine::sessionChanged, this,
            [this](const ServerId &server, const SessionStatus &status) {
                m_window->setSession(server, status);
                m_dialogs->setSession(server, status);
            });
    connect(m_engine, &Engine::discovered, m_discovery, &DiscoveryDesk::take);
    connect(m_discovery, &DiscoveryDesk::said, m_window.get(), &MainWindow::say);
    connect(&m_window->intake(), &IntakeDesk::lookUpWanted, this, &Application::forgetLookUps);
    connect(&m_window->intake(), &IntakeDesk::lookUpWanted, m_engine, &Engine::lookUp);
    connect(m_engine, &Engine::lookedUp, this, // first: the detail view reads it
            [this](quint64, const PollOutcome &outcome) { logLookUp(outcome); });
    connect(m_engine, &Engine::lookedUp, &m_window->intake(), &IntakeDesk::takeAnswer);
    connect(m_window.get(), &MainWindow::retryWanted, m_engine, &Engine::tryNow);
    connect(m_network, &NetworkWatch::returned, m_engine, &Engine::networkReturned);
}

void Application::connectTasks()
{
    connect(&m_tasks, &TaskStore::added, this, &Application::saveTasks);
    connect(&m_tasks, &TaskStore::changed, this, &Application::saveTasks);
    connect(&m_tasks, &TaskStore::checked, this, [this](const QList<TaskKey> &keys) {
        m_checked.unite({keys.cbegin(), keys.cend()});
    });
    connect(&m_tasks, &TaskStore::removed, m_history.get(), &HistoryStore::remove);
    connect(&m_tasks, &TaskStore::removed, this,
            [this](const QList<TaskKey> &keys) { m_log.forget(keys); });
    connect(&m_tasks, &TaskStore::removed, this, &Application::keepUsual);
}

void Application::connectHistory()
{
    connect(m_history.get(), &HistoryStore::opened, this, &Application::takeHistory);
    connect(m_history.get(), &HistoryStore::failed, this, [this](const HistoryError &error) {
        // Of what happened once, saving again is not the end.
        const bool isOver =
            error.kind == HistoryError::Kind::Damaged || error.kind == HistoryError::Kind::Partly;
        m_window->banner().set(isOver ? BannerKind::Note : BannerKind::HistoryTrouble,
                               {error.headline, error.nextStep, {}, true});
        // What the new file lacks, but is still known here.
        if (error.kind == HistoryError::Kind::Damaged)
            saveTasks(m_tasks.keys());
    });
    connect(m_history.get(), &HistoryStore::dropped, this, &Application::dropOutlived);
    connect(m_window.get(), &MainWindow::searchWanted, m_history.get(), &HistoryStore::search);
    connect(m_history.get(), &HistoryStore::found, &m_window->model(), &TaskTableModel::setFound);
    connect(m_history.get(), &HistoryStore::found, m_window.get(),
            [this](const QString &, const QList<TaskKey> &keys) {
                if (keys.size() >= HistoryWorker::mostFound)
                    m_window->say(tr("More kept tasks have these words: the latest %L1 are found")
                                      .arg(HistoryWorker::mostFound));
            });
    connect(m_history.get(), &HistoryStore::saved, m_window.get(), &MainWindow::searchAfterSaving);
    connect(m_history.get(), &HistoryStore::saved, this,
            [this] { m_window->banner().remove(BannerKind::HistoryTrouble); });
}

void Application::connectWindow()
{
    connect(m_window.get(), &MainWindow::serversWanted, this, &Application::openServers);
    connect(m_window.get(), &MainWindow::signInWanted, m_dialogs, &ServerDialogs::openSignIn);
    connect(m_window.get(), &MainWindow::certificateWanted, m_dialogs,
            &ServerDialogs::openCertificate);
    connect(m_window.get(), &MainWindow::settingsWanted, this, &Application::openSettings);
    connect(m_window.get(), &MainWindow::savedFiltersChanged, this, &Application::saveWindow);
    connect(m_window.get(), &MainWindow::detailPlacementChosen, this,
            [this](Settings::DetailPlacement placement) {
                m_settings.detailPlacement = placement;
                sayIfFailed(m_settingsFile.save(m_settings));
            });
    connect(&m_window->connectPage(), &ConnectPage::cancelled, this, [this] {
        m_connect->cancel();
        m_window->showTasks();
    });
    connect(m_connect, &ConnectFlow::connected, this, &Application::takeConnected);
    connect(
        m_connect, &ConnectFlow::unchecked, this,
        [this](const ServerProfile &profile, const PollError &error) {
            const PollErrorText words = describe(error);
            say(tr("You are signed in to %1, but that could not be tried out: %2")
                    .arg(serverName(profile), words.headline),
                tr("The token is kept, and used as soon as it goes again. %1").arg(words.nextStep));
        });
}

void Application::connectServers()
{
    connect(m_servers.get(), &ServerDesk::changed, this, [this] {
        m_window->setServers(m_servers->shown());
        sayWhichAreNotAsked();
        m_discovery->refresh();
        if (m_ready)
            m_requests->setServers(m_servers->shown());
    });
    connect(m_servers.get(), &ServerDesk::notUsable, this, &Application::sayWhetherUsable);
    connect(m_servers.get(), &ServerDesk::removed, this, &Application::dropTasksOf);
    connect(m_servers.get(), &ServerDesk::removed, &m_notices->notifier(),
            &DesktopNotifier::forgetServer);
    connect(m_servers.get(), &ServerDesk::removed, m_presence.get(),
            &DesktopPresence::forgetServer);
    connect(m_servers.get(), &ServerDesk::notSaved, this,
            [this](const QString &why) { say(tr("A setting could not be saved."), why); });
}

void Application::connectTokens()
{
    connect(m_servers.get(), &ServerDesk::tokenNotRead, this, &Application::takeHeldBack);
    connect(m_servers.get(), &ServerDesk::withoutToken, this, &Application::takeHeldBack);
    connect(m_keychain, &KeychainNotices::signInWanted, m_dialogs, &ServerDialogs::openSignIn);
    ConnectPage &page = m_window->connectPage();
    connect(m_keychain, &KeychainNotices::storageNoteChanged, &page, &ConnectPage::setStorageNote);
    connect(m_keychain, &KeychainNotices::storageNoteChanged, m_dialogs,
            &ServerDialogs::setStorageNote);
    page.setStorageNote(m_keychain->storageNote());
    m_dialogs->setStorageNote(m_keychain->storageNote());
}

void Application::connectPresence()
{
    connect(m_window.get(), &MainWindow::quitWanted, this, &Application::quitWanted);
    connect(m_presence.get(), &DesktopPresence::quitWanted, this, &Application::quitWanted);
    connect(m_presence.get(), &DesktopPresence::onCloseChosen, this,
            [this](Settings::OnClose choice) {
                m_settings.onClose = choice;
                sayIfFailed(m_settingsFile.save(m_settings));
            });
    DesktopNotifier &notifier = m_notices->notifier();
    connect(m_presence.get(), &DesktopPresence::pauseWanted, &notifier,
            [&notifier](TrayIcon::Pause pause) {
                switch (pause) {
                case TrayIcon::Pause::OneHour:
                    return notifier.pauseForAnHour();
                case TrayIcon::Pause::UntilTomorrow:
                    return notifier.pauseUntilTomorrow();
                case TrayIcon::Pause::Ended:
                    return notifier.resume();
                }
            });
    const auto showPause = [this, &notifier] {
        m_presence->setPausedUntil(notifier.isPaused() ? notifier.pausedUntil() : QDateTime());
    };
    connect(&notifier, &DesktopNotifier::pauseChanged, m_presence.get(), showPause);
    showPause();
}
