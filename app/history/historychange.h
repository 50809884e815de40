#pragma once

#include "task/secretrules.h"
#include "task/taskrecord.h"

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <optional>

/// What is to become of one task in the history.
struct HistoryChange {
    TaskKey key;
    bool removeFirst = false;         ///< with all that was kept of it
    std::optional<TaskRecord> record; ///< then kept
    /// It was asked for again and nothing is new: reply and words are as they were kept.
    bool isCheck = false;

    /// To mask, read and pack its result takes so long that the others do not wait for it.
    [[nodiscard]] bool isLarge() const;
};

/// What the history needs of other rooms. All run in its thread and must be pure.
struct HistoryFunctions {
    /// A kept reply is read again, so that later versions understand it better.
    std::function<tl::expected<TaskSnapshot, PollError>(const ReplyData &)> parse;
    /// The JSON of a reply to that action without its secrets.
    std::function<QByteArray(const QByteArray &json, const QString &action)> mask;
    /// The rules in force: what was read or masked by others is read or masked again. Null: the
    /// usual ones, always.
    std::function<SecretRules()> rules = {};
};

/// Those that go by the book; `parse` reads by it, too.
[[nodiscard]] HistoryFunctions historyFunctionsBy(const std::shared_ptr<const SecretRuleBook> &book,
                                                  decltype(HistoryFunctions::parse) parse);
