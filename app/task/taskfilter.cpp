#include "task/taskfilter.h"

#include "task/filterterms.h"
#include "task/taskfacts.h"
#include "task/tasktext.h"
#include "task/taskwords.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

/// A term as it stands in the text, before its key and value are understood.
struct RawTerm {
    qsizetype position = 0;
    qsizetype length = 0;
    bool negated = false;
    QString key{}; ///< without the colon; empty: free text
    QString value{};
};

class Scanner
{
public:
    explicit Scanner(const QString &text)
        : m_text(text)
    {
    }

    [[nodiscard]] bool atEnd()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
        return m_at == m_text.size();
    }

    [[nodiscard]] tl::expected<RawTerm, FilterError> term()
    {
        RawTerm term{.position = m_at};
        const auto isWordAt = [this](qsizetype at) {
            return at < m_text.size() && !m_text[at].isSpace();
        };
        if (m_text[m_at] == u'-' && isWordAt(m_at + 1)) {
            term.negated = true;
            ++m_at;
        }
        if (const qsizetype colon = keyEnd(); colon >= 0) {
            term.key = m_text.sliced(m_at, colon - m_at).toLower();
            m_at = colon + 1;
        }
        const qsizetype valueAt = m_at;
        if (m_at < m_text.size() && m_text[m_at] == u'"') {
            if (!quoted(term.value))
                return tl::unexpected(FilterError{
                    valueAt, m_text.size() - valueAt,
                    QCoreApplication::translate("TaskFilter", "The quote is not closed.")});
        } else {
            while (isWordAt(m_at))
                term.value += m_text[m_at++];
        }
        term.length = m_at - term.position;
        return term;
    }

private:
    /// Where the colon of `key:` is; -1: this is no key but text such as an address, a time, a DID.
    [[nodiscard]] qsizetype keyEnd() const
    {
        qsizetype at = m_at;
        while (at < m_text.size() && m_text[at].isLetter())
            ++at;
        if (at == m_at || at == m_text.size() || m_text[at] != u':')
            return -1;
        const QStringView rest = QStringView(m_text).sliced(at + 1);
        const QStringView key = QStringView(m_text).sliced(m_at, at - m_at);
        const bool isText = rest.startsWith("//"_L1) || key.compare("did"_L1) == 0;
        return isText ? -1 : at;
    }

    [[nodiscard]] bool quoted(QString &value)
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == u'"') {
                ++m_at;
                return true;
            }
            const bool escapes = m_text[m_at] == u'\\' && m_at + 1 < m_text.size()
                                 && (m_text[m_at + 1] == u'"' || m_text[m_at + 1] == u'\\');
            m_at += escapes ? 1 : 0;
            value += m_text[m_at];
        }
        return false;
    }

    const QString &m_text;
    qsizetype m_at = 0;
};

tl::expected<FilterTerm, FilterError> understand(const RawTerm &raw)
{
    const auto wrong = [&raw](const QString &message) {
        return tl::unexpected(FilterError{raw.position, raw.length, message});
    };
    FilterTerm term{.negated = raw.negated, .text = raw.value, .folded = foldForFilter(raw.value)};
    if (!raw.key.isEmpty()) {
        const auto field = FilterTerms::field(raw.key);
        if (!field)
            return wrong(FilterTerms::unknownKey(raw.key));
        term.field = *field;
        if (raw.value.isEmpty())
            return wrong(FilterTerms::missingValue(raw.key));
    }
    if (term.field == FilterField::Status && !FilterTerms::readStatuses(term))
        return wrong(FilterTerms::unknownStatus(raw.value));
    if (term.field == FilterField::Is) {
        if (const auto flag = FilterTerms::flag(term.folded))
            term.flag = *flag;
        else if (FilterTerms::readStatuses(term))
            term.field = FilterField::Status; // said as one says it: is:failed
        else
            return wrong(FilterTerms::unknownFlag(raw.value));
    }
    return term;
}

bool holds(FilterFlag flag, const FilterFacts &facts)
{
    switch (flag) {
    case FilterFlag::Running:
        return isOpen(facts.outcome);
    case FilterFlag::Attention:
        return needsAttention(facts.outcome) && !facts.acknowledged;
    case FilterFlag::Finished:
        return isFinal(facts.outcome);
    case FilterFlag::Paused:
        return facts.paused;
    case FilterFlag::Expired:
        return facts.expired;
    case FilterFlag::Slow:
        return facts.slow;
    case FilterFlag::Seen:
        return facts.acknowledged;
    case FilterFlag::Pinned:
        return facts.pinned;
    }
    return false;
}

bool matchesAny(const QString &word, const FilterFacts &facts)
{
    const auto has = [&word](const QString &text) { return text.contains(word); };
    return has(facts.action) || has(facts.label) || has(facts.id) || has(facts.user)
           || has(facts.step) || has(facts.server) || has(facts.error) || has(facts.tags)
           || has(facts.note) || has(facts.rest);
}

bool holds(const FilterTerm &term, const FilterFacts &facts)
{
    switch (term.field) {
    case FilterField::Any:
        return matchesAny(term.folded, facts);
    case FilterField::Status:
        return (term.expired && facts.expired)
               || std::find(term.outcomes.begin(), term.outcomes.end(), facts.outcome)
                      != term.outcomes.end();
    case FilterField::Action:
        return facts.action.contains(term.folded);
    case FilterField::Label:
        return facts.label.contains(term.folded);
    case FilterField::Id:
        return facts.id.contains(term.folded);
    case FilterField::User:
        return facts.user.contains(term.folded);
    case FilterField::Step:
        return facts.step.contains(term.folded);
    case FilterField::Server:
        return facts.server.contains(term.folded);
    case FilterField::Error:
        return facts.error.contains(term.folded);
    case FilterField::Tag:
        return facts.tags.contains(term.folded);
    case FilterField::Note:
        return facts.note.contains(term.folded);
    case FilterField::Is:
        return holds(term.flag, facts);
    }
    return false;
}

bool isFreeWord(const FilterTerm &term)
{
    return term.field == FilterField::Any && !term.negated;
}

/// Of words beyond the bits nothing is known by itself.
bool isFound(FoundWords found, unsigned word)
{
    return found == allWordsFound
           || (word < std::numeric_limits<FoundWords>::digits && ((found >> word) & 1U) != 0);
}

QString startedText(const TaskRecord &record, const QDate &today)
{
    const auto startedBy = TaskFacts::startedBy(record);
    const auto at = startedBy ? startedBy : TaskFacts::startedAt(record);
    return at ? TaskText::started(*at, startedBy.has_value(), today) : QString();
}

/// What the columns without a field of their own show.
QString restOf(const TaskRecord &record, const TaskText::Marks &marks,
               const FilterSurroundings &around)
{
    const TaskFacts::StepCount steps = TaskFacts::stepCount(record);
    const int total = steps.total.value_or(0);
    const auto moment = [&around](const std::optional<QDateTime> &at) {
        return at ? TaskText::moment(*at, around.today) : QString();
    };
    const bool isStill = record.outcome == Outcome::Stalled && around.baselines;
    const QStringList texts{
        TaskText::status(TaskWords::word(record.outcome, record.expired), marks),
        TaskText::progress(TaskText::percent(record), steps.done, total, record.outcome),
        startedText(record, around.today),
        moment(TaskFacts::finishedAt(record)),
        TaskText::steps(steps.done, total),
        isStill ? TaskText::standstill(record, *around.baselines) : TaskWords::summary(record),
        around.connection,
        TaskText::expected(record.snapshot ? record.snapshot->expectedSteps.value_or(0) : 0)};
    return texts.join(u'\n');
}

} // namespace

tl::expected<TaskFilter, FilterError> parseFilter(const QString &text)
{
    TaskFilter filter;
    std::optional<FilterError> error;
    Scanner scanner(text);
    while (!scanner.atEnd()) {
        auto term = scanner.term().and_then(understand);
        if (!term && !error)
            error = std::move(term.error());
        if (term && (term->field != FilterField::Any || !term->text.isEmpty())) // "": nothing
            filter.terms.push_back(std::move(*term));
    }
    if (!error)
        return filter;
    error->rest = std::move(filter);
    return tl::unexpected(*std::move(error));
}

QString filterText(const TaskFilter &filter)
{
    QStringList parts;
    for (const FilterTerm &term : filter.terms) {
        QString value = term.text;
        value.replace(u'\\', "\\\\"_L1).replace(u'"', "\\\""_L1);
        const QString key = FilterTerms::key(term.field);
        parts.append((term.negated ? u"-"_s : QString()) + (key.isEmpty() ? QString() : key + u':')
                     + u'"' + value + u'"');
    }
    return parts.join(u' ');
}

bool matches(const TaskFilter &filter, const FilterFacts &facts, FoundWords found)
{
    unsigned word = 0;
    return std::all_of(filter.terms.begin(), filter.terms.end(), [&](const FilterTerm &term) {
        if (isFreeWord(term) && isFound(found, word++))
            return true;
        return holds(term, facts) != term.negated;
    });
}

QStringList freeWords(const TaskFilter &filter)
{
    QStringList words;
    for (const FilterTerm &term : filter.terms) {
        if (!isFreeWord(term))
            continue;
        QString text = term.text;
        text.remove(u'"'); // says nothing in a search
        words.append(text.contains(u' ') ? u'"' + text + u'"' : text);
    }
    return words;
}

FoundWords foundWords(const TaskFilter &filter, const QString &words)
{
    const QStringList all = freeWords(filter);
    if (all.isEmpty())
        return 0;
    if (words == all.join(u' '))
        return allWordsFound;
    FoundWords which = 0;
    const auto most = std::min<qsizetype>(all.size(), std::numeric_limits<FoundWords>::digits);
    for (qsizetype i = 0; i < most; ++i)
        which |= all[i] == words ? FoundWords{1} << unsigned(i) : 0;
    return which;
}

bool asksAllColumns(const TaskFilter &filter)
{
    return std::any_of(filter.terms.begin(), filter.terms.end(),
                       [](const FilterTerm &term) { return term.field == FilterField::Any; });
}

FilterFacts filterFacts(const TaskRecord &record, const FilterSurroundings &around, bool withRest)
{
    const TaskSnapshot none;
    const TaskSnapshot &snapshot = record.snapshot ? *record.snapshot : none;
    const bool seen = record.acknowledged && needsAttention(record.outcome);
    const TaskText::Marks marks{.slow = around.slow, .seen = seen, .pinned = record.pinned};
    return {.outcome = record.outcome,
            .expired = record.expired,
            .paused = record.paused,
            .slow = around.slow,
            .acknowledged = seen,
            .pinned = record.pinned,
            .action = foldForFilter(snapshot.action),
            .label = foldForFilter(record.label),
            .id = foldForFilter(record.key.task.text()),
            .user = foldForFilter(snapshot.userId),
            .step = foldForFilter(snapshot.currentStep),
            .server = foldForFilter(around.server),
            .error = snapshot.error ? foldForFilter(TaskWords::error(*snapshot.error)) : QString(),
            .tags = foldForFilter(record.tags->join(", "_L1)),
            .note = foldForFilter(record.note->simplified()),
            .rest = withRest ? foldForFilter(restOf(record, marks, around)) : QString()};
}

QString foldForFilter(const QString &text)
{
    const bool isAscii =
        std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
    if (isAscii)
        return text.toLower();
    QString folded = text.normalized(QString::NormalizationForm_KD).toCaseFolded();
    folded.removeIf([](QChar c) { return c.category() == QChar::Mark_NonSpacing; });
    return folded;
}
