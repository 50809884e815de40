#include "desktop/desktoppresence.h"

#include "base/clock.h"
#include "desktop/raisewindow.h"
#include "mainwindow.h"
#include "task/taskstore.h"

#include <QEvent>

using namespace std::chrono_literals;

namespace {

/// No sooner: while the window is hidden, nothing ticks faster.
constexpr auto refreshAfter = 1s;
/// A panel that restarts is back by then.
constexpr auto gonePatience = 3s;
/// A session's panel is there by then.
constexpr auto startPatience = 15s;

} // namespace

DesktopPresence::DesktopPresence(const TaskStore &store, MainWindow &window, const Clock &clock,
                                 QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_guard(window)
    , m_refresh(clock.makeTimer([this] { refresh(); }))
    , m_patience(clock.makeTimer([this] { bringBack(); }))
{
    const auto take = [this, &store](const QList<TaskKey> &keys) {
        m_counts.take(store, keys);
        refreshSoon();
    };
    connect(&store, &TaskStore::added, this, take);
    connect(&store, &TaskStore::changed, this, take);
    connect(&store, &TaskStore::removed, this, [this](const QList<TaskKey> &keys) {
        m_counts.forget(keys);
        refreshSoon();
    });
    connect(&m_guard, &CloseGuard::chosen, this, &DesktopPresence::onCloseChosen);
    connect(&m_guard, &CloseGuard::quitWanted, this, &DesktopPresence::quitWanted);
    connect(&m_host, &TrayHost::changed, this, &DesktopPresence::takeTray);
    window.installEventFilter(this);
}

DesktopPresence::~DesktopPresence() = default;

void DesktopPresence::setConnection(const ServerId &server, Connection connection)
{
    m_counts.setConnection(server, connection);
    refreshSoon();
}

void DesktopPresence::forgetServer(const ServerId &server)
{
    m_counts.forgetServer(server);
    refreshSoon();
}

void DesktopPresence::setPausedUntil(const QDateTime &until)
{
    m_pausedUntil = until;
    if (m_tray)
        m_tray->setPausedUntil(until);
}

void DesktopPresence::startMinimized()
{
    m_startsMinimized = true;
    if (!m_host.isThere())
        m_patience->start(startPatience);
}

bool DesktopPresence::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == &m_window && event->type() == QEvent::Show)
        m_startsMinimized = false;
    return QObject::eventFilter(watched, event);
}

void DesktopPresence::takeTray(bool isThere)
{
    m_guard.setTrayThere(isThere);
    if (isThere) {
        m_patience->stop();
        if (!m_tray)
            makeTray();
        return;
    }
    if (!m_window.isVisible())
        m_patience->start(gonePatience);
}

void DesktopPresence::makeTray()
{
    m_tray = std::make_unique<TrayIcon>();
    m_tray->setFacts(facts());
    m_tray->setPausedUntil(m_pausedUntil);
    connect(m_tray.get(), &TrayIcon::showWanted, this, [this] { raiseWindow(m_window); });
    connect(m_tray.get(), &TrayIcon::lookUpWanted, this, [this] {
        raiseWindow(m_window);
        m_window.lookUpClipboard();
    });
    connect(m_tray.get(), &TrayIcon::nextProblemWanted, this, [this] {
        raiseWindow(m_window);
        m_window.showNextProblem();
    });
    connect(m_tray.get(), &TrayIcon::pauseWanted, this, &DesktopPresence::pauseWanted);
    connect(m_tray.get(), &TrayIcon::quitWanted, this, &DesktopPresence::quitWanted);
}

void DesktopPresence::refreshSoon()
{
    if (!m_refresh->isActive())
        m_refresh->start(refreshAfter);
}

void DesktopPresence::refresh()
{
    if (m_tray)
        m_tray->setFacts(facts());
}

void DesktopPresence::bringBack()
{
    if (m_window.isVisible())
        return;
    if (m_startsMinimized)
        m_window.showMinimized();
    else
        m_window.show();
}
