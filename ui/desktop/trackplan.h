#pragma once

#include "base/taskid.h"
#include "window/shownserver.h"

#include <QList>
#include <QStringList>

/// Which tasks of which servers `taskwatch track` means.
struct TrackPlan {
    QList<TaskKey> keys;
    QStringList unknownHosts; ///< of addresses, each once: servers that we do not have
    qsizetype rejected = 0;   ///< parts of the text without an ID
};

/// Pure. A task's address goes to its own server; all others to `chosen`, or to the first enabled
/// one.
[[nodiscard]] TrackPlan planTrack(const QString &text, const QList<ShownServer> &servers,
                                  const ServerId &chosen = {});

/// The server that is meant by a name or an address; null if there is none.
[[nodiscard]] const ShownServer *serverNamed(const QString &typed,
                                             const QList<ShownServer> &servers);
