#pragma once

#include "account/serverprofile.h"
#include "guardian/connectionstatus.h"
#include "guardian/sessionstatus.h"

#include <QAbstractListModel>

/// A server as the servers dialog lists it.
struct ServerRow {
    ServerProfile profile;
    ConnectionStatus connection; ///< of no meaning while it is disabled or new
    SessionStatus session;
    bool isNew = false;    ///< not saved yet
    bool isEdited = false; ///< has changes that are not saved

    friend bool operator==(const ServerRow &, const ServerRow &) = default;
};

/// Servers with their connection, in the person's order.
class ServerListModel final : public QAbstractListModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerListModel)

public:
    explicit ServerListModel(QObject *parent = nullptr);

    /// Rows that stay keep their index; order must not differ among them. `now`: a connection's
    /// time of the same local day is said without its date.
    void setRows(const QList<ServerRow> &rows, const QDateTime &now);
    [[nodiscard]] const QList<ServerRow> &rows() const { return m_rows; }
    /// -1: not there.
    [[nodiscard]] int rowOf(const ServerId &id) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    QList<ServerRow> m_rows;
    QDateTime m_now; ///< of the last rows
};

/// What a profile is called, also one that was only begun.
[[nodiscard]] QString serverName(const ServerProfile &profile);
