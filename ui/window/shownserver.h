#pragma once

#include "base/taskid.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QUrl>

/// What the window needs to know of a server.
struct ShownServer {
    ServerId id;
    QString name;
    QUrl apiRoot; ///< no trailing slash
    bool enabled = true;
    int colourMark = 0; ///< see ColourMark

    friend bool operator==(const ShownServer &, const ShownServer &) = default;
};

/// In the person's order.
using ShownServers = QList<ShownServer>;

/// Null if there is none of that id.
[[nodiscard]] inline const ShownServer *findServer(const ShownServers &servers, const ServerId &id)
{
    for (const ShownServer &server : servers) {
        if (server.id == id)
            return &server;
    }
    return nullptr;
}

[[nodiscard]] inline QHash<ServerId, QString> namesOf(const ShownServers &servers)
{
    QHash<ServerId, QString> names;
    for (const ShownServer &server : servers)
        names.insert(server.id, server.name);
    return names;
}

[[nodiscard]] inline QHash<ServerId, int> marksOf(const ShownServers &servers)
{
    QHash<ServerId, int> marks;
    for (const ShownServer &server : servers)
        marks.insert(server.id, server.colourMark);
    return marks;
}
