#include "task/taskintake.h"

#include "base/tokenshape.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxRejected = 100;
constexpr qsizetype maxRejectedLength = 120;

/// A place in the text that names a task.
struct Spot {
    qsizetype begin = 0;
    qsizetype end = 0;
    IntakeItem item;
};
/// In the text's order, without overlaps.
using Spots = std::vector<Spot>;

/// A word between separators, without the quotes and brackets around it.
struct Word {
    qsizetype begin = 0;
    QStringView text;
    bool startsLine = true;
    bool named = false; ///< touches a spot
};

[[nodiscard]] bool overlaps(const Spots &spots, qsizetype begin, qsizetype end)
{
    const auto next = std::upper_bound(spots.begin(), spots.end(), begin,
                                       [](qsizetype at, const Spot &s) { return at < s.end; });
    return next != spots.end() && next->begin < end;
}

/// Adds those that name a task, where nothing was found before.
void add(Spots &spots, Spots more)
{
    std::erase_if(more, [&](const Spot &s) {
        return s.item.id.isEmpty() || s.item.id.text().size() > IntakeLimits::idLength
               || overlaps(spots, s.begin, s.end);
    });
    spots.insert(spots.end(), more.begin(), more.end());
    std::sort(spots.begin(), spots.end(),
              [](const Spot &a, const Spot &b) { return a.begin < b.begin; });
}

[[nodiscard]] QString percentDecoded(QStringView text)
{
    const QString plain = QUrl::fromPercentEncoding(text.toUtf8());
    return plain.contains(QChar::ReplacementCharacter) ? text.toString() : plain;
}

/// The ID of the last …/task/ID or …/tasks/ID, still encoded, without a sentence's end.
[[nodiscard]] QStringView idInPath(QStringView path)
{
    static const QRegularExpression last(u".*/tasks?/([^/?#\\s\"'`<>\\\\,;|)\\]}]+)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    QStringView id = last.match(path).capturedView(1);
    while (id.endsWith(u'.') || id.endsWith(u':') || id.endsWith(u'!'))
        id.chop(1);
    return id;
}

[[nodiscard]] IntakeItem fromAddress(const QString &address)
{
    const qsizetype pathAt = address.indexOf(u'/', address.indexOf("://"_L1) + 3);
    if (pathAt < 0)
        return {};
    const QString path = address.mid(pathAt).section(u'?', 0, 0);
    QString id = percentDecoded(idInPath(path));
    if (id.isEmpty()) // maybe in the query, as where to go after the sign-in
        id = idInPath(percentDecoded(QStringView(address).mid(pathAt))).toString();
    const QUrl typed(address.left(pathAt));
    IntakeItem item{IntakeItem::Kind::WebAddress, TaskId(id), {}, {}};
    item.origin.setScheme(typed.scheme());
    item.origin.setHost(typed.host());
    item.origin.setPort(typed.port());
    item.source = item.origin.toString() + path;
    return item;
}

[[nodiscard]] Spots addresses(const QString &text)
{
    static const QRegularExpression address(u"https?://[^\\s\"'`<>\\\\,;|]++"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    Spots spots;
    for (auto all = address.globalMatch(text); all.hasNext();) {
        const auto match = all.next();
        spots.push_back(
            {match.capturedStart(), match.capturedEnd(), fromAddress(match.captured())});
    }
    return spots;
}

[[nodiscard]] QString jsonUnescaped(const QString &inner)
{
    if (!inner.contains(u'\\'))
        return inner;
    const auto array = QJsonDocument::fromJson((u"[\""_s + inner + u"\"]"_s).toUtf8()).array();
    return array.first().toString(inner);
}

/// "taskId" members, found without parsing: logs cut, nest and escape JSON.
[[nodiscard]] Spots members(const QString &text)
{
    static const QRegularExpression member(
        uR"re((?<![A-Za-z])taskId\\*["']?\s*+[:=]\s*+)re"
        uR"re((?:(\\*)"((?:[^"\\]|\\.){1,1024}?)\1"|'([^'\\]{1,1024})'|(\d{1,64}+)))re"_s,
        QRegularExpression::CaseInsensitiveOption);
    Spots spots;
    for (auto all = member.globalMatch(text); all.hasNext();) {
        const auto match = all.next();
        const QString id = jsonUnescaped(match.captured(2) + match.captured(3) + match.captured(4));
        spots.push_back({match.capturedStart(),
                         match.capturedEnd(),
                         {IntakeItem::Kind::StartingReply, TaskId(id), {}, match.captured()}});
    }
    return spots;
}

/// Whether the value that begins there is a member with another meaning, like "userId". Beside
/// "taskId" members only those are tasks.
[[nodiscard]] bool isOtherMember(const QString &text, qsizetype begin, bool besideTaskIds)
{
    static const QRegularExpression key(uR"re(([\w$]+)\\*(["']?)\s*[:=]\s*\\*["']?$)re"_s);
    static const QRegularExpression otherId(u"(?<!task)(?:(?<=[a-z])I[dD]|(?<=[a-z])_id)$"_s);
    constexpr qsizetype reach = 80;
    const qsizetype from = std::max<qsizetype>(0, begin - reach);
    const auto match = key.match(QStringView(text).mid(from, begin - from));
    if (!match.hasMatch())
        return false;
    const bool quoted = !match.capturedView(2).isEmpty();
    return (besideTaskIds && quoted) || otherId.match(match.capturedView(1)).hasMatch();
}

[[nodiscard]] Spots wellKnownForms(const QString &text, bool besideTaskIds)
{
    // A hexadecimal digit before it would make it part of something longer, but not that of an
    // escape (\n, %2F).
    static const QRegularExpression form(
        u"(?:(?<![0-9A-Za-z])|(?<=\\\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
        u"(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24})"
        u"(?![0-9A-Za-z])"_s,
        QRegularExpression::CaseInsensitiveOption);
    Spots spots;
    for (auto all = form.globalMatch(text); all.hasNext();) {
        const auto match = all.next();
        if (isOtherMember(text, match.capturedStart(), besideTaskIds))
            continue;
        spots.push_back(
            {match.capturedStart(),
             match.capturedEnd(),
             {IntakeItem::Kind::BareId, TaskId(match.captured()), {}, match.captured()}});
    }
    return spots;
}

[[nodiscard]] std::vector<Word> wordsOf(const QString &text, const Spots &spots)
{
    static const QRegularExpression word(u"[^\\s,;|]++"_s);
    static const QString around = u"\"'`()[]{}<>“”„‘’«»"_s;
    const auto isLetter = [](QChar c) { return c.isLetterOrNumber(); };
    std::vector<Word> words;
    qsizetype lastEnd = 0;
    for (auto all = word.globalMatch(text); all.hasNext();) {
        const auto match = all.next();
        QStringView inner = match.capturedView();
        while (!inner.isEmpty() && around.contains(inner.back()))
            inner.chop(1);
        qsizetype begin = match.capturedStart();
        for (; !inner.isEmpty() && around.contains(inner.front()); ++begin)
            inner = inner.mid(1);
        if (std::none_of(inner.begin(), inner.end(), isLetter))
            continue; // a bullet or a dash
        const QStringView gap = QStringView(text).mid(lastEnd, match.capturedStart() - lastEnd);
        words.push_back({begin, inner, words.empty() || gap.contains(u'\n'),
                         overlaps(spots, begin, begin + inner.size())});
        lastEnd = match.capturedEnd();
    }
    return words;
}

/// Whether it can be an ID at all where IDs are expected.
[[nodiscard]] bool isOneWord(QStringView text)
{
    const auto isJson = [](QChar c) { return c == u'{' || c == u'}' || c == u'"'; };
    return text.size() <= IntakeLimits::idLength && std::none_of(text.begin(), text.end(), isJson)
           && !text.startsWith("http:/"_L1, Qt::CaseInsensitive)
           && !text.startsWith("https:/"_L1, Qt::CaseInsensitive)
           && !text.startsWith("file:/"_L1, Qt::CaseInsensitive) && !holdsToken(text);
}

/// Whether it looks like an ID rather than like a word of a sentence or a time.
[[nodiscard]] bool isIdLike(QStringView text)
{
    static const QRegularExpression time(uR"re(^\d{4}-\d\d-\d\d|^\d\d?:\d\d|:$|%$)re"_s);
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    return std::any_of(text.begin(), text.end(), isDigit) && !time.match(text).hasMatch();
}

/// Whether the text is nothing but IDs, so that those of any form are taken.
[[nodiscard]] bool isPlainList(const std::vector<Word> &words, const Spots &spots)
{
    if (words.size() == 1)
        return isOneWord(words.front().text);
    if (std::any_of(spots.begin(), spots.end(),
                    [](const Spot &s) { return s.item.kind == IntakeItem::Kind::StartingReply; }))
        return false;
    const bool column = spots.empty() && std::all_of(words.begin(), words.end(), [](const Word &w) {
                            return w.startsLine && !w.text.endsWith(u':');
                        });
    return std::all_of(words.begin(), words.end(), [&](const Word &w) {
        return w.named || (isOneWord(w.text) && (column || isIdLike(w.text)));
    });
}

[[nodiscard]] Spots otherForms(const std::vector<Word> &words, bool plainList)
{
    Spots spots;
    for (const Word &word : words) {
        if (word.named)
            continue;
        const qsizetype queryAt = word.text.indexOf(u'?');
        const QStringView path = queryAt < 0 ? word.text : word.text.left(queryAt);
        const QStringView id =
            path.contains(u'/') && isOneWord(word.text) ? idInPath(path) : QStringView();
        const bool isPath = !id.isEmpty() && (plainList || isIdLike(id));
        if (isPath || plainList) {
            const auto kind = isPath ? IntakeItem::Kind::WebAddress : IntakeItem::Kind::BareId;
            spots.push_back({word.begin,
                             word.begin + word.text.size(),
                             {kind,
                              TaskId(percentDecoded(isPath ? id : word.text)),
                              {},
                              (isPath ? path : word.text).toString()}});
        }
    }
    return spots;
}

/// The lines without any ID. Beside IDs, those of JSON are no news.
[[nodiscard]] QStringList linesWithout(const QString &text, const Spots &spots)
{
    static const QRegularExpression json(u"^[\"'{}\\[\\]]"_s);
    QStringList lines;
    qsizetype begin = 0;
    while (begin < text.size() && lines.size() < maxRejected) {
        const qsizetype feed = text.indexOf(u'\n', begin);
        const qsizetype end = feed < 0 ? text.size() : feed;
        const QStringView line = QStringView(text).mid(begin, end - begin).trimmed();
        const bool quiet = line.isEmpty() || (!spots.empty() && json.match(line).hasMatch());
        if (!quiet && !overlaps(spots, begin, end)) {
            if (holdsToken(line))
                lines.append(u"•••"_s);
            else if (line.size() > maxRejectedLength)
                lines.append(line.left(maxRejectedLength - 1).toString() + u'…');
            else
                lines.append(line.toString());
        }
        begin = end + 1;
    }
    return lines;
}

/// Each ID once; a later address tells the server of an earlier bare ID.
[[nodiscard]] QList<IntakeItem> distinct(const Spots &spots)
{
    QList<IntakeItem> items;
    QHash<TaskId, qsizetype> places;
    for (const Spot &spot : spots) {
        const auto known = places.constFind(spot.item.id);
        if (known == places.constEnd()) {
            places.insert(spot.item.id, items.size());
            items.append(spot.item);
        } else if (items.at(*known).origin.isEmpty()) {
            items[*known].origin = spot.item.origin;
        }
    }
    return items;
}

/// Not in the middle of a word, if one ends near enough.
[[nodiscard]] QString cutToSize(const QString &text)
{
    constexpr qsizetype reach = 4096;
    QString head = text.left(IntakeLimits::text);
    for (qsizetype end = head.size(); end > head.size() - reach; --end) {
        if (head.at(end - 1).isSpace())
            return head.left(end);
    }
    return head;
}

[[nodiscard]] QString remarkOn(const QString &text, qsizetype found)
{
    QStringList remarks;
    if (text.size() > IntakeLimits::text)
        remarks += QCoreApplication::translate(
            "TaskIntake", "The text is too long: only its first million characters were read.");
    if (found > IntakeLimits::ids)
        remarks +=
            QCoreApplication::translate("TaskIntake", "Only the first %L1 of %L2 IDs were taken.")
                .arg(IntakeLimits::ids)
                .arg(found);
    if (holdsToken(text))
        remarks += QCoreApplication::translate(
            "TaskIntake", "The text holds an access token. It was not used: a token belongs into "
                          "the server's sign-in.");
    return remarks.join(u' ');
}

} // namespace

Intake findTaskIds(const QString &text)
{
    if (text.size() > IntakeLimits::text) {
        Intake part = findTaskIds(cutToSize(text));
        part.remark = remarkOn(text, part.found.size());
        return part;
    }
    Spots spots;
    add(spots, addresses(text));
    Spots named = members(text);
    const bool besideTaskIds = !named.empty();
    add(spots, std::move(named));
    add(spots, wellKnownForms(text, besideTaskIds));
    const std::vector<Word> words = wordsOf(text, spots);
    const bool plainList = !words.empty() && isPlainList(words, spots);
    add(spots, otherForms(words, plainList));

    Intake intake;
    intake.found = distinct(spots);
    intake.rejected = linesWithout(text, spots);
    intake.remark = remarkOn(text, intake.found.size());
    if (intake.found.size() > IntakeLimits::ids)
        intake.found.resize(IntakeLimits::ids);
    return intake;
}
