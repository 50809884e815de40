#pragma once

#include "account/settings.h"
#include "desktop/closeguard.h"
#include "desktop/trayfacts.h"
#include "desktop/trayhost.h"
#include "desktop/trayicon.h"

#include <QObject>

#include <memory>

class Clock;
class ClockTimer;
class MainWindow;
class TaskStore;

/// The program's place in the desktop beside its window: the tray icon while there is a tray, what
/// closing the window means, and how a start without a window goes.
class DesktopPresence final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DesktopPresence)

public:
    /// All must outlive it.
    DesktopPresence(const TaskStore &store, MainWindow &window, const Clock &clock,
                    QObject *parent = nullptr);
    ~DesktopPresence() override;

    void setOnClose(Settings::OnClose choice) { m_guard.setChoice(choice); }
    void setConnection(const ServerId &server, Connection connection);
    void forgetServer(const ServerId &server);
    /// Of the notifications, UTC; invalid: they do not pause.
    void setPausedUntil(const QDateTime &until);
    /// Instead of showing the window: it stays in the tray, or comes minimised where there is none
    /// after a while (at the session's start the panel may come later than we).
    void startMinimized();
    /// What the tray tells, or would.
    [[nodiscard]] TrayFacts facts() const { return m_counts.facts(); }
    /// Absent while there is no tray.
    [[nodiscard]] TrayIcon *tray() const { return m_tray.get(); }

Q_SIGNALS:
    void onCloseChosen(Settings::OnClose choice);
    void pauseWanted(TrayIcon::Pause pause);
    void quitWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void takeTray(bool isThere);
    void makeTray();
    void refreshSoon();
    void refresh();
    void bringBack();

    MainWindow &m_window;
    TrayHost m_host;
    CloseGuard m_guard;
    TrayCounts m_counts;
    QDateTime m_pausedUntil;
    std::unique_ptr<TrayIcon> m_tray;
    std::unique_ptr<ClockTimer> m_refresh;
    std::unique_ptr<ClockTimer> m_patience; ///< with a missing tray, before the window shows
    bool m_startsMinimized = false;         ///< and the window was not seen yet
};
