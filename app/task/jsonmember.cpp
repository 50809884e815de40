#include "task/jsonmember.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cstring>

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

qsizetype skipSpace(QByteArrayView json, qsizetype at)
{
    while (at < json.size() && isSpace(json[at]))
        ++at;
    return at;
}

/// Behind the value that starts at `at`.
qsizetype endOfValue(QByteArrayView json, qsizetype at)
{
    qsizetype depth = 0;
    while (at < json.size()) {
        const char c = json[at];
        if (c == '"') {
            at = JsonText::endOfString(json, at);
            if (depth == 0)
                return at;
            continue;
        }
        if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return at; // the end of a number or word, and of what holds it
            if (--depth == 0)
                return at + 1;
        } else if (depth == 0 && (c == ',' || isSpace(c))) {
            return at;
        }
        ++at;
    }
    return at;
}

/// Whether a string, from its quote to the end of the text, has an end.
bool isStringWhole(QByteArrayView token)
{
    for (qsizetype at = 1; at < token.size(); ++at) {
        if (token[at] == '\\')
            ++at;
        else if (token[at] == '"')
            return true;
    }
    return false;
}

/// Where a string that does not end can be cut: not in a character or an escape.
qsizetype cutInString(QByteArrayView json, qsizetype at)
{
    constexpr qsizetype longestEscape = 6; // \\u and four digits
    for (++at; at < json.size(); ++at) {
        if (json[at] != '\\')
            continue;
        if (at + longestEscape > json.size())
            return at;
        ++at;
    }
    qsizetype end = json.size();
    const auto isInside = [](char c) { return (c & 0xc0) == 0x80; };
    while (end > 0 && isInside(json[end - 1]))
        --end;
    return end > 0 && (json[end - 1] & 0x80) != 0 ? end - 1 : end;
}

bool isNamed(QByteArrayView token, QByteArrayView name)
{
    const QByteArrayView plain = token.size() < 2 ? token : token.sliced(1, token.size() - 2);
    if (!plain.contains('\\'))
        return plain == name;
    return JsonText::unescaped(token) == name;
}

} // namespace

QByteArrayView JsonText::trimmed(QByteArrayView json)
{
    if (json.startsWith("\xef\xbb\xbf"))
        json = json.sliced(3);
    return json.sliced(skipSpace(json, 0));
}

bool JsonText::isDeeperThan(QByteArrayView json, int depth)
{
    // Nearly every reply has fewer brackets than the cap: counting them all is one quick pass.
    const auto opening =
        std::count_if(json.begin(), json.end(), [](char c) { return (c & 0xdf) == '['; });
    if (opening <= depth)
        return false;
    qsizetype level = 0;
    for (qsizetype at = 0; at < json.size();) {
        const char c = json[at];
        if (c == '"') {
            at = endOfString(json, at);
            continue;
        }
        if (c == '{' || c == '[') {
            if (++level > depth)
                return true;
        } else if (c == '}' || c == ']') {
            --level;
        }
        ++at;
    }
    return false;
}

qsizetype JsonText::endOfString(QByteArrayView json, qsizetype at)
{
    for (++at; at < json.size(); ++at) {
        if (json[at] == '\\')
            ++at;
        else if (json[at] == '"')
            return at + 1;
    }
    return json.size();
}

QByteArray JsonText::unescaped(QByteArrayView token)
{
    const QByteArray wrapped = QByteArray("[").append(token).append(']');
    return QJsonDocument::fromJson(wrapped).array().at(0).toString().toUtf8();
}

QByteArray JsonText::closed(QByteArrayView head)
{
    QByteArray closers; // the innermost last
    qsizetype safe = 0;
    bool isName = false;
    for (qsizetype at = 0; at < head.size();) {
        const char c = head[at];
        if (c == '"') {
            const qsizetype end = endOfString(head, at);
            const bool isWhole = end < head.size() || isStringWhole(head.sliced(at));
            if (!isWhole && !isName) {
                safe = cutInString(head, at);
                closers.append('"');
            }
            if (!isWhole)
                break;
            at = end;
            continue;
        }
        if (c == '{' || c == '[') {
            closers.append(c == '{' ? '}' : ']');
            safe = at + 1;
        } else if ((c == '}' || c == ']') && !closers.isEmpty()) {
            closers.chop(1);
            safe = at + 1;
        } else if (c == ',') {
            safe = at;
        }
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            isName = c != ':' && closers.endsWith('}');
        ++at;
    }
    if (closers.isEmpty())
        return head.toByteArray();
    std::reverse(closers.begin(), closers.end());
    return head.first(safe).toByteArray() + closers;
}

std::optional<std::vector<QByteArrayView>> JsonText::elements(QByteArrayView json)
{
    json = JsonText::trimmed(json);
    if (!json.startsWith('['))
        return std::nullopt;
    std::vector<QByteArrayView> found;
    qsizetype at = skipSpace(json, 1);
    while (at < json.size() && json[at] != ']') {
        const qsizetype end = endOfValue(json, at);
        if (end == at)
            return std::nullopt;
        found.push_back(json.sliced(at, end - at));
        at = skipSpace(json, end);
        if (at < json.size() && json[at] == ',')
            at = skipSpace(json, at + 1);
        else
            break;
    }
    return at < json.size() && json[at] == ']' ? std::optional(found) : std::nullopt;
}

std::optional<QByteArrayView> topLevelMember(QByteArrayView json, QByteArrayView name)
{
    return topLevelMembers(json, {name}).front();
}

std::vector<std::optional<QByteArrayView>> topLevelMembers(QByteArrayView json,
                                                           const std::vector<QByteArrayView> &names)
{
    std::vector<std::optional<QByteArrayView>> nothing(names.size());
    auto found = nothing;
    json = JsonText::trimmed(json);
    if (!json.startsWith('{'))
        return nothing;
    qsizetype at = skipSpace(json, 1);
    while (at < json.size() && json[at] == '"') {
        const qsizetype keyEnd = JsonText::endOfString(json, at);
        const QByteArrayView key = json.sliced(at, keyEnd - at);
        at = skipSpace(json, keyEnd);
        if (at >= json.size() || json[at] != ':')
            return nothing;
        at = skipSpace(json, at + 1);
        const qsizetype end = endOfValue(json, at);
        for (std::size_t i = 0; i < names.size(); ++i)
            if (isNamed(key, names[i]))
                found[i] = json.sliced(at, end - at);
        at = skipSpace(json, end);
        if (at < json.size() && json[at] == ',')
            at = skipSpace(json, at + 1);
        else
            break;
    }
    // Only a whole object tells which of duplicates is the last.
    return at < json.size() && json[at] == '}' ? found : nothing;
}
