#pragma once

#include "window/shownserver.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

#include <functional>

class QMimeData;

/// A task that a text names, beside what we know of it already.
struct IntakeRow {
    enum class Kind {
        New,
        Tracked,
        OtherServer, ///< its address is of a server that we do not have
    };

    Kind kind = Kind::New;
    TaskId id;
    QString source; ///< as written
    QString host;   ///< of an address, "host:port"; empty for a bare ID
    /// Where it is watched; else where it may be: the servers of its address, all for a bare ID.
    QList<ServerId> servers;
};

/// What could be done with a text.
struct IntakePlan {
    QList<IntakeRow> rows;
    QStringList rejected; ///< parts without an ID, shortened
    QString remark;       ///< what the person should know, e.g. that only a part was read

    [[nodiscard]] qsizetype count(IntakeRow::Kind kind) const;
};

/// Pure. An address is a server's when host and port are the same; disabled servers are not asked,
/// but what is watched there is known.
[[nodiscard]] IntakePlan planIntake(const QString &text, const ShownServers &servers,
                                    const std::function<bool(const TaskKey &)> &isTracked);

/// The plan in one sentence: "2 new tasks, 1 already watched. 1 line holds no ID."
[[nodiscard]] QString summaryOf(const IntakePlan &plan);

/// The text of a regular file of at most 1 MiB; or why not, in words.
[[nodiscard]] tl::expected<QString, QString> readIntakeFile(const QString &path);

/// What was dropped or pasted.
struct IntakeMime {
    QStringList texts;    ///< of the files, else the text itself; links beside files, too
    QStringList troubles; ///< why a file was not read, in words
};
[[nodiscard]] IntakeMime readIntakeMime(const QMimeData &data);
