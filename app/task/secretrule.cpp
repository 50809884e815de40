#include "task/secretrule.h"

#include "task/jsonmember.h"
#include "task/secretshape.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

bool isSecretAction(const QString &action)
{
    return action.trimmed().compare("Create random key"_L1, Qt::CaseInsensitive) == 0;
}

bool holds(const QJsonValue &value, SecretScope scope)
{
    switch (value.type()) {
    case QJsonValue::String:
        return scope != SecretScope::Open && isSecretText(scope, value.toString().toUtf8());
    case QJsonValue::Double:
        return scope == SecretScope::Secret;
    case QJsonValue::Array: {
        const QJsonArray array = value.toArray();
        return std::any_of(array.begin(), array.end(),
                           [scope](const QJsonValue &item) { return holds(item, scope); });
    }
    case QJsonValue::Object: {
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (holds(it.value(), secretScopeWithin(scope, it.key().toUtf8())))
                return true;
        }
        return false;
    }
    case QJsonValue::Null:
    case QJsonValue::Bool:
    case QJsonValue::Undefined:
        return false;
    }
    Q_UNREACHABLE();
    return false;
}

/// Goes through JSON text token by token, and copies it with the secrets masked.
class Masker
{
public:
    /// How much of the member `result` is secret, at the top level, whatever the names in it.
    enum class Result { ByName, AllButId, All, AllInAnyDepth };

    Masker(QByteArrayView json, Result result)
        : m_json(json)
        , m_result(result)
    {
        m_out.reserve(json.size());
    }

    QByteArray run()
    {
        while (m_at < m_json.size()) {
            const char c = m_json[m_at];
            if (c == '"')
                readString();
            else if ((c >= '0' && c <= '9') || c == '-')
                readNumber();
            else
                readMark(c);
        }
        return std::move(m_out);
    }

private:
    struct Level {
        bool isObject = false;
        SecretScope scope = SecretScope::Open;
    };

    void readMark(char c)
    {
        if (c == '{' || c == '[') {
            m_levels.push_back({c == '{', m_next});
        } else if ((c == '}' || c == ']') && !m_levels.empty()) {
            m_levels.pop_back();
        }
        // Behind `:` comes what the name said, else what the container says.
        if (c != ':' && c != ' ' && c != '\n' && c != '\r' && c != '\t')
            m_next = m_levels.empty() ? SecretScope::Open : m_levels.back().scope;
        m_out.append(c);
        ++m_at;
    }

    void readString()
    {
        const qsizetype end = JsonText::endOfString(m_json, m_at);
        const QByteArrayView token = m_json.sliced(m_at, end - m_at);
        m_at = end;
        qsizetype next = end;
        while (next < m_json.size() && QByteArrayView(" \n\r\t").contains(m_json[next]))
            ++next;
        if (next < m_json.size() && m_json[next] == ':') {
            m_out.append(token);
            m_next = scopeOfMember(plainText(token));
        } else if (m_next != SecretScope::Open && isSecretText(m_next, plainText(token))) {
            writeMask();
        } else {
            m_out.append(token);
        }
    }

    void readNumber()
    {
        const qsizetype start = m_at;
        while (m_at < m_json.size() && QByteArrayView("+-.0123456789eE").contains(m_json[m_at]))
            ++m_at;
        if (m_next == SecretScope::Secret)
            writeMask();
        else
            m_out.append(m_json.sliced(start, m_at - start));
    }

    void writeMask() { m_out.append('"').append(secretMaskUtf8).append('"'); }

    [[nodiscard]] SecretScope scopeOfMember(const QByteArray &name) const
    {
        const SecretScope outer = m_levels.empty() ? SecretScope::Open : m_levels.back().scope;
        const bool isResult = m_levels.size() == 1 || m_result == Result::AllInAnyDepth;
        if (m_result != Result::ByName && isResult && name == "result")
            return SecretScope::Secret;
        if (m_result == Result::AllButId && m_levels.size() == 2 && name == "id")
            return SecretScope::Open;
        return secretScopeWithin(outer, name);
    }

    [[nodiscard]] static QByteArray plainText(QByteArrayView token)
    {
        const bool closed = token.size() > 1 && token.endsWith('"');
        QByteArray raw = token.sliced(1, token.size() - (closed ? 2 : 1)).toByteArray();
        if (!raw.contains('\\'))
            return raw;
        const QByteArray plain = JsonText::unescaped(token);
        return plain.isEmpty() ? raw : plain; // broken text is judged as it is
    }

    QByteArrayView m_json;
    Result m_result;
    qsizetype m_at = 0;
    QByteArray m_out;
    std::vector<Level> m_levels;
    SecretScope m_next = SecretScope::Open; ///< of the value that comes next
};

/// Masks the matches that are secrets.
void maskMatches(QString &text, const QRegularExpression &pattern,
                 bool (*isSecret)(QByteArrayView match))
{
    static const QString masked = QString::fromLatin1(secretMaskUtf8);
    QString out;
    qsizetype from = 0;
    for (auto matches = pattern.globalMatch(text); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        if (match.capturedLength() == 0 || !isSecret(match.captured().toLatin1()))
            continue;
        out += QStringView(text).sliced(from, match.capturedStart() - from);
        out += masked;
        from = match.capturedEnd();
    }
    if (from > 0)
        text = out.append(QStringView(text).sliced(from));
}

bool isAlways(QByteArrayView)
{
    return true;
}

/// As JSON may have escaped it.
bool isDenseOrEscaped(QByteArrayView text)
{
    QByteArray plain = text.toByteArray();
    plain.removeIf([](char c) { return c == '\\'; });
    return isDenseText(plain);
}

} // namespace

bool holdsSecret(const QString &action, const QJsonValue &result, SecretRule rule)
{
    switch (rule) {
    case SecretRule::ShowAll:
        return false;
    case SecretRule::MaskAll:
        return holds(result, SecretScope::Secret);
    case SecretRule::ByName:
        break;
    }
    if (!isSecretAction(action))
        return holds(result, SecretScope::Open);
    if (!result.isObject())
        return holds(result, SecretScope::Secret);
    QJsonObject object = result.toObject();
    object.remove("id"_L1);
    return holds(object, SecretScope::Secret);
}

QByteArray maskSecrets(const QByteArray &rawReplyJson, const QString &action)
{
    return maskSecretsBy(SecretRule::ByName, rawReplyJson, action);
}

QByteArray maskSecretsBy(SecretRule rule, const QByteArray &rawReplyJson, const QString &action)
{
    switch (rule) {
    case SecretRule::ShowAll:
        return rawReplyJson;
    case SecretRule::MaskAll:
        return Masker(rawReplyJson, Masker::Result::All).run();
    case SecretRule::ByName:
        break;
    }
    return Masker(rawReplyJson,
                  isSecretAction(action) ? Masker::Result::AllButId : Masker::Result::ByName)
        .run();
}

QByteArray maskUnread(const QByteArray &reply)
{
    constexpr auto anyCase = QRegularExpression::CaseInsensitiveOption;
    // Behind \K: "password": "…", \"password\": \"…\", password=…, Private key: …
    static const QRegularExpression named(
        uR"re((?:private[ _-]?key|seed|mnemonic|pass(?:word|phrase)|secret|token|api[ _-]?key)re"
        R"re(|authorization|cookie)\\*(?:["']|&quot;)?\s*[:=]\s*)re"
        R"re((?:"\K(?:[^"\\]|\\.)++|\\"\K.+?(?=\\"|$))re"
        R"re(|(?:'|&quot;)?\K(?!true\b|false\b|null\b)[^\s"'\\{[<>&][^"'<>&\r\n]*))re"_s,
        anyCase | QRegularExpression::MultilineOption);
    static const QRegularExpression pem(u"-----BEGIN.*?(?:-----END[^-]*-----|\\z)"_s,
                                        QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression jwt(u"eyJ[\\w=-]+\\.[\\w.=-]+"_s);
    static const QRegularExpression bearer(u"\\b(?:bearer|basic)\\s+\\K[^\\s\"'<>,]{8,}"_s,
                                           anyCase);
    static const QRegularExpression hex(u"[0-9a-f]{64,}"_s, anyCase);
    static const QRegularExpression dense(u"[A-Za-z0-9+/_\\\\-]{43,}"_s);
    // Byte for byte, in whatever encoding: what is looked for is ASCII.
    QString text = QString::fromLatin1(Masker(reply, Masker::Result::AllInAnyDepth).run());
    for (const QRegularExpression *pattern : {&pem, &jwt, &bearer, &hex, &named})
        maskMatches(text, *pattern, isAlways);
    maskMatches(text, dense, isDenseOrEscaped);
    return text.toLatin1();
}
