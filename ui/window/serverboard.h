#pragma once

#include "guardian/connectionstatus.h"
#include "guardian/sessionstatus.h"
#include "window/shownserver.h"

#include <QObject>

#include <memory>

class BannerBar;
class Clock;
class ClockTimer;
class SideList;
class StatusLine;
class TaskTableModel;

/// What is known of each server, told to all who show it: table, side list, banners, bottom line.
class ServerBoard final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerBoard)

public:
    struct Places {
        TaskTableModel &model;
        SideList &sideList;
        BannerBar &banner;
        StatusLine &status;
    };

    /// All must outlive the board.
    ServerBoard(const Places &places, const Clock &clock, QObject *parent);
    ~ServerBoard() override;

    void setServers(const ShownServers &servers);
    [[nodiscard]] const ShownServers &servers() const { return m_servers; }
    void setConnection(const ServerId &server, const ConnectionStatus &status);
    void setSession(const ServerId &server, const SessionStatus &status);
    /// The time that a session has left passes only while somebody sees it.
    void setVisible(bool visible);

private:
    /// The bottom line follows what the side list shows.
    void refreshLine();
    void tell(const ServerId &server, const ConnectionStatus &status);

    Places m_places;
    const Clock &m_clock;
    ShownServers m_servers;
    QHash<ServerId, ConnectionStatus> m_connections; ///< as said last, of m_servers
    QHash<ServerId, SessionStatus> m_sessions;
    std::unique_ptr<ClockTimer> m_tick;
    bool m_isVisible = false;
};
