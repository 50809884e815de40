#include "task/filterterms.h"

#include "base/editdistance.h"
#include "task/taskwords.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace {

struct Key {
    QLatin1String word;
    FilterField field;
};
constexpr std::array<Key, 11> keys{{{"status"_L1, FilterField::Status},
                                    {"action"_L1, FilterField::Action},
                                    {"label"_L1, FilterField::Label},
                                    {"id"_L1, FilterField::Id},
                                    {"user"_L1, FilterField::User},
                                    {"step"_L1, FilterField::Step},
                                    {"server"_L1, FilterField::Server},
                                    {"error"_L1, FilterField::Error},
                                    {"tag"_L1, FilterField::Tag},
                                    {"note"_L1, FilterField::Note},
                                    {"is"_L1, FilterField::Is}}};

struct Flag {
    QLatin1String word;
    FilterFlag flag;
};
constexpr std::array<Flag, 8> flags{{{"running"_L1, FilterFlag::Running},
                                     {"attention"_L1, FilterFlag::Attention},
                                     {"finished"_L1, FilterFlag::Finished},
                                     {"paused"_L1, FilterFlag::Paused},
                                     {"expired"_L1, FilterFlag::Expired},
                                     {"slow"_L1, FilterFlag::Slow},
                                     {"seen"_L1, FilterFlag::Seen},
                                     {"pinned"_L1, FilterFlag::Pinned}}};

constexpr std::array outcomes{Outcome::Checking,       Outcome::Waiting,
                              Outcome::Running,        Outcome::Stalled,
                              Outcome::Completed,      Outcome::CompletedWithProblems,
                              Outcome::Failed,         Outcome::NotFound,
                              Outcome::OutcomeUnknown, Outcome::Unreadable};

/// Words and kebab-case meet: "Completed with problems" is "completed-with-problems".
QString hyphenated(const QString &text)
{
    return foldForFilter(text).simplified().replace(u' ', u'-');
}

/// Which statuses a folded, hyphenated word names: the whole word, or else its beginning.
bool readStatus(const QString &word, FilterTerm &term)
{
    const auto add = [&term](const auto &fits) {
        const auto before = term.outcomes.size();
        for (const Outcome outcome : outcomes)
            if (fits(TaskWords::kebab(outcome)) || fits(hyphenated(TaskWords::word(outcome))))
                term.outcomes.push_back(outcome);
        const bool isExpired =
            fits(u"expired"_s) || fits(hyphenated(TaskWords::word(Outcome::Completed, true)));
        term.expired = term.expired || isExpired;
        return isExpired || term.outcomes.size() > before;
    };
    return !word.isEmpty()
           && (add([&word](const QString &status) { return status == word; })
               || add([&word](const QString &status) { return status.startsWith(word); }));
}

} // namespace

std::optional<FilterField> FilterTerms::field(const QString &key)
{
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&key](const Key &each) { return each.word == key; });
    return found == keys.end() ? std::nullopt : std::optional(found->field);
}

QString FilterTerms::key(FilterField field)
{
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [field](const Key &each) { return each.field == field; });
    return found == keys.end() ? QString() : QString(found->word);
}

std::optional<FilterFlag> FilterTerms::flag(const QString &folded)
{
    const auto found = std::find_if(flags.begin(), flags.end(),
                                    [&folded](const Flag &each) { return each.word == folded; });
    return found == flags.end() ? std::nullopt : std::optional(found->flag);
}

bool FilterTerms::readStatuses(FilterTerm &term)
{
    const QStringList words = term.text.split(u',');
    return std::all_of(words.begin(), words.end(),
                       [&term](const QString &word) { return readStatus(hyphenated(word), term); });
}

QString FilterTerms::unknownKey(const QString &key)
{
    const auto nearest =
        std::min_element(keys.begin(), keys.end(), [&key](const Key &a, const Key &b) {
            return editDistance(key, QString(a.word)) < editDistance(key, QString(b.word));
        });
    return QCoreApplication::translate(
               "TaskFilter",
               "There is no “%1:”. Did you mean “%2:”? To look for the text itself, put it in "
               "quotes.")
        .arg(key, nearest->word);
}

QString FilterTerms::missingValue(const QString &key)
{
    const QString example = key == "status"_L1 ? u"failed"_s
                            : key == "is"_L1   ? u"running"_s
                                               : u"\"…\""_s;
    return QCoreApplication::translate("TaskFilter", "Say what to look for, such as %1:%2.")
        .arg(key, example);
}

QString FilterTerms::unknownStatus(const QString &value)
{
    QStringList all;
    for (const Outcome outcome : outcomes)
        all.append(TaskWords::kebab(outcome));
    all.append(u"expired"_s);
    return QCoreApplication::translate("TaskFilter", "There is no status “%1”. It is one of: %2.")
        .arg(value, all.join(", "_L1));
}

QString FilterTerms::unknownFlag(const QString &value)
{
    QStringList all;
    for (const Flag &each : flags)
        all.append(each.word);
    return QCoreApplication::translate("TaskFilter",
                                       "There is no “is:%1”. It is one of: %2, or a status.")
        .arg(value, all.join(", "_L1));
}
