#pragma once

#include "base/taskid.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <tl/expected.hpp>

#include <functional>

/// A task that a text names, beside what we know of it already.
struct IntakeRow {
    enum class Kind {
        New,
        Tracked,
        OtherServer, ///< its address is of another server than ours
    };

    Kind kind = Kind::New;
    TaskId id;
    QString source; ///< as written
    QString host;   ///< of an address, "host:port"; empty for a bare ID
};

/// What could be done with a text.
struct IntakePlan {
    QList<IntakeRow> rows;
    QStringList rejected; ///< parts without an ID, shortened
    QString remark;       ///< what the person should know, e.g. that only a part was read

    [[nodiscard]] qsizetype count(IntakeRow::Kind kind) const;
};

/// Pure. `apiRoot` is our server's; an address counts as ours when host and port are the same.
[[nodiscard]] IntakePlan planIntake(const QString &text, const QUrl &apiRoot,
                                    const std::function<bool(const TaskId &)> &isTracked);

/// The plan in one sentence: "2 new tasks, 1 already watched. 1 line holds no ID."
[[nodiscard]] QString summaryOf(const IntakePlan &plan);

/// The text of a regular file of at most 1 MiB; or why not, in words.
[[nodiscard]] tl::expected<QString, QString> readIntakeFile(const QString &path);
