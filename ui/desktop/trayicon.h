#pragma once

#include "desktop/trayfacts.h"

#include <QObject>

#include <memory>

class QAction;
class QMenu;
class QSystemTrayIcon;

/// The icon in the desktop's tray, with its menu.
class TrayIcon final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrayIcon)

public:
    enum class Pause { OneHour, UntilTomorrow, Ended };

    /// Make it while there is a tray: Qt looks for one only once.
    explicit TrayIcon(QObject *parent = nullptr);
    ~TrayIcon() override;

    void setFacts(const TrayFacts &facts);
    /// Of the notifications, UTC; invalid: they do not pause.
    void setPausedUntil(const QDateTime &until);
    [[nodiscard]] QMenu &menu() { return *m_menu; }

Q_SIGNALS:
    void showWanted();
    void lookUpWanted();
    void nextProblemWanted();
    void pauseWanted(TrayIcon::Pause pause);
    void quitWanted();

private:
    std::unique_ptr<QMenu> m_menu;
    std::unique_ptr<QSystemTrayIcon> m_icon;
    QAction *m_nextProblem = nullptr;
    QMenu *m_pause = nullptr;
    QAction *m_resume = nullptr;
    TrayFacts m_facts;
};
