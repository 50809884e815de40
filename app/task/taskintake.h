#pragma once

#include "base/taskid.h"

#include <QList>
#include <QStringList>
#include <QUrl>

/// A task that was found in a text.
struct IntakeItem {
    enum class Kind {
        BareId,     ///< the ID itself
        WebAddress, ///< an address of the task: the web site's …/task/ID or the API's …/tasks/ID
        StartingReply ///< JSON with a "taskId", as the calls that start a task answer
    };

    Kind kind = Kind::BareId;
    TaskId id;
    /// Scheme, host and port of an address that was written with them; otherwise empty.
    QUrl origin;
    /// As written, to show it; without an address's user info and query, which may hold secrets.
    QString source;

    friend bool operator==(const IntakeItem &, const IntakeItem &) = default;
};

/// What a text holds.
struct Intake {
    /// In the text's order, each ID once.
    QList<IntakeItem> found;
    /// Lines (or words of a list) without an ID: shortened, at most 100, tokens masked.
    QStringList rejected;
    /// Translated: what the operator should know, e.g. that only a part was read. May be empty.
    QString remark;
};

/// Limits of findTaskIds().
namespace IntakeLimits {
constexpr qsizetype text = 1'048'576; ///< characters; the rest is not read
constexpr qsizetype ids = 10'000;
constexpr qsizetype idLength = 512; ///< a longer word is no ID
} // namespace IntakeLimits

/// Finds the tasks that a text names. Pure.
///
/// Addresses of tasks, "taskId" members of (also broken, nested or escaped) JSON, UUIDs and
/// 24-digit ObjectIds are found anywhere; a member with another ID, like "userId", is not a task.
/// An ID of another form is taken where nothing else is said: one single word, or a plain list of
/// such.
[[nodiscard]] Intake findTaskIds(const QString &text);
