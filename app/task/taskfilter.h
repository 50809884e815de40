#pragma once

#include "task/taskrecord.h"

#include <QStringList>

#include <tl/expected.hpp>

#include <array>
#include <vector>

class Baselines;

/// What a filter's term looks at. Any: all of them, and what else a row shows.
enum class FilterField { Any, Status, Action, Label, Id, User, Step, Server, Error, Tag, Note, Is };

/// What `is:` asks for.
enum class FilterFlag { Running, Attention, Finished, Paused, Expired, Slow, Seen, Pinned };

/// One row as a filter sees it. Texts must be folded (`foldForFilter`).
struct FilterFacts {
    Outcome outcome = Outcome::Checking;
    bool expired = false;
    bool paused = false;
    bool slow = false;         ///< slower than usual
    bool acknowledged = false; ///< a problem that somebody has seen
    bool pinned = false;
    QString action;
    QString label;
    QString id;
    QString user;
    QString step;
    QString server;
    QString error;
    QString tags;
    QString note;
    QString rest; ///< the other columns' texts, in lines: for free words; empty: not made
};

/// One term: "words", `key:value`, or either with a leading "-" (must not match).
struct FilterTerm {
    FilterField field = FilterField::Any;
    bool negated = false;
    QString text;                    ///< as typed, without quotes
    QString folded;                  ///< what is looked for in texts
    std::vector<Outcome> outcomes{}; ///< of `status:`
    bool expired = false;            ///< `status:` names Expired
    FilterFlag flag{};               ///< of `is:`

    friend bool operator==(const FilterTerm &, const FilterTerm &) = default;
};

/// Terms that must all hold. Empty: everything matches.
struct TaskFilter {
    std::vector<FilterTerm> terms;

    [[nodiscard]] bool isEmpty() const { return terms.empty(); }
    friend bool operator==(const TaskFilter &, const TaskFilter &) = default;
};

/// The first thing that is wrong in a filter's text, and where (UTF-16 units), in words for the
/// operator.
struct FilterError {
    qsizetype position = 0;
    qsizetype length = 0;
    QString message;
    TaskFilter rest{}; ///< the terms that can be read
};

/// Reads what was typed: words and "quoted phrases" looked for in all columns, `status:failed`
/// `action:"publish policy"` label: id: user: step: server: error: tag: note: `is:running`, each
/// negated by a leading "-". Statuses by their word or in kebab-case, or the beginning of one;
/// several with commas. Inside quotes \" and \\ stand for themselves.
[[nodiscard]] tl::expected<TaskFilter, FilterError> parseFilter(const QString &text);

/// A text that `parseFilter` reads as the same filter.
[[nodiscard]] QString filterText(const TaskFilter &filter);

/// Of which freeWords() the history knows something that a row does not show: a bit each.
using FoundWords = std::uint32_t;
inline constexpr FoundWords allWordsFound = ~FoundWords{0};

[[nodiscard]] bool matches(const TaskFilter &filter, const FilterFacts &facts,
                           FoundWords found = 0);

/// What the history is to be searched for: words, and phrases in quotes.
[[nodiscard]] QStringList freeWords(const TaskFilter &filter);
/// What a search of the history for `words` finds: one of the filter's free words, or all of them
/// in their order with a blank between; 0: neither.
[[nodiscard]] FoundWords foundWords(const TaskFilter &filter, const QString &words);

/// Whether any word is looked for in all columns, or must not be there.
[[nodiscard]] bool asksAllColumns(const TaskFilter &filter);

/// What is to be known of a task beside its record.
struct FilterSurroundings {
    QString server;                       ///< its name
    bool slow = false;                    ///< slower than usual
    QString connection{};                 ///< its word; empty where there is none
    const Baselines *baselines = nullptr; ///< for how long a stalled task stands still
    QDate today{};                        ///< local: of that day a moment is but a time
};
/// `withRest`: false where no word is looked for in all columns.
///
/// Texts that the clock alone changes are left out on purpose: Elapsed, Last change, Checked and
/// Time left would make rows come and go each second. Those of a stalled task are of this moment.
[[nodiscard]] FilterFacts filterFacts(const TaskRecord &record, const FilterSurroundings &around,
                                      bool withRest = true);

/// Without case and accents.
[[nodiscard]] QString foldForFilter(const QString &text);
