#include "account/serverlistmodel.h"

#include "statelook.h"
#include "window/connectionbanner.h"

#include <QGuiApplication>

#include <algorithm>

namespace {

QString words(const ServerRow &row, const QDateTime &now)
{
    if (row.isNew)
        return ServerListModel::tr("not saved yet");
    const QString state =
        row.profile.enabled ? connectionText(row.connection, now) : ServerListModel::tr("disabled");
    return row.isEdited ? ServerListModel::tr("%1 · not saved").arg(state) : state;
}

} // namespace

QString serverName(const ServerProfile &profile)
{
    const QString name = profile.shownName();
    return name.isEmpty() ? ServerListModel::tr("New server") : name;
}

ServerListModel::ServerListModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

void ServerListModel::setRows(const QList<ServerRow> &rows, const QDateTime &now)
{
    m_now = now;
    for (int row = int(m_rows.size()) - 1; row >= 0; --row) {
        const ServerId id = m_rows.at(row).profile.id;
        if (std::any_of(rows.begin(), rows.end(),
                        [&id](const ServerRow &one) { return one.profile.id == id; }))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.removeAt(row);
        endRemoveRows();
    }
    for (int row = 0; row < int(rows.size()); ++row) {
        const ServerRow &wanted = rows.at(row);
        if (row < int(m_rows.size()) && m_rows.at(row).profile.id == wanted.profile.id) {
            if (m_rows.at(row) == wanted)
                continue;
            m_rows[row] = wanted;
            Q_EMIT dataChanged(index(row), index(row));
        } else {
            beginInsertRows({}, row, row);
            m_rows.insert(row, wanted);
            endInsertRows();
        }
    }
}

int ServerListModel::rowOf(const ServerId &id) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&id](const ServerRow &row) { return row.profile.id == id; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

int ServerListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant ServerListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ServerRow &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return QString(serverName(row.profile) + QLatin1Char('\n') + words(row, m_now));
    case Qt::AccessibleTextRole:
        return QString(serverName(row.profile) + QStringLiteral(", ") + words(row, m_now));
    case Qt::DecorationRole:
        return StateLook::icon(row.profile.enabled && !row.isNew ? row.connection.state
                                                                 : Connection::Paused,
                               QGuiApplication::palette());
    default:
        return {};
    }
}
