#pragma once

#include "base/taskid.h"

#include <QString>
#include <QUrl>

/// What the window needs to know of a server.
struct ShownServer {
    ServerId id;
    QString name;
    QUrl apiRoot; ///< no trailing slash

    friend bool operator==(const ShownServer &, const ShownServer &) = default;
};
