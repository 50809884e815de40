#include "guardian/parsetaskreply.h"

#include "guardian/jsonfacts.h"
#include "guardian/readtask.h"
#include "task/jsonmember.h"
#include "task/secretrule.h"
#include "task/secretshape.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

using Kind = PollError::Kind;

QString tr(const char *text)
{
    return QCoreApplication::translate("PollError", text);
}

bool looksLikeHtml(QByteArrayView body)
{
    return JsonText::trimmed(body).startsWith('<');
}

/// Server text that may be shown: short, one line, and without anything that might be a secret.
/// Nobody knows whose words they are: a proxy may say what it was sent, or meant to send.
QString cleaned(const QString &text)
{
    static const QRegularExpression token(u"Bearer\\s+\\S+"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    // While there are lines, and before anything is cut: half a key does not look like one.
    QString clean = QString::fromUtf8(maskUnread(text.toUtf8())).simplified();
    clean.replace(token, secretMask());
    return clean.left(300);
}

/// What the body of an error says of itself.
QString detailOf(const ReplyData &reply)
{
    QString words;
    const QByteArray body = reply.body.whole();
    if (!looksLikeHtml(body) && body.size() < 65'536
        && !JsonText::isDeeperThan(body, JsonText::maxDepth)) {
        const QJsonDocument json = QJsonDocument::fromJson(body);
        if (json.isObject())
            words = JsonFacts::error(json.object())->message;
        else if (json.isNull())
            words = QString::fromUtf8(body);
    }
    words = cleaned(words);
    const QString status = u"HTTP %1"_s.arg(reply.httpStatus);
    return words.isEmpty() ? status : u"%1: %2"_s.arg(status, words);
}

QDateTime dateOf(QByteArray text)
{
    // Qt knows numbers for zones only, and checks the name of the day.
    text = text.mid(text.indexOf(',') + 1).trimmed().replace("GMT", "+0000");
    return QDateTime::fromString(QString::fromLatin1(text), Qt::RFC2822Date);
}

/// RFC 9110: seconds, or a date, which is read by the server's own clock. A day at most.
std::optional<milliseconds> retryAfterOf(const ReplyData &reply)
{
    constexpr milliseconds longest = 24h;
    const QByteArray value = reply.header("Retry-After").trimmed();
    if (value.isEmpty())
        return std::nullopt;
    if (std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        bool fits = false;
        const qlonglong count = value.toLongLong(&fits);
        return fits && count < 86'400 ? milliseconds{seconds{count}} : longest;
    }
    const QDateTime until = dateOf(value);
    const auto now = serverDate(reply);
    if (!until.isValid() || !now)
        return std::nullopt;
    return std::clamp(milliseconds{now->msecsTo(until)}, milliseconds{0}, longest);
}

PollError errorOf(Kind kind, const ReplyData &reply, const QString &detail)
{
    PollError error;
    error.kind = kind;
    error.detail = detail;
    error.httpStatus = reply.httpStatus;
    return error;
}

PollError redirectOf(const ReplyData &reply)
{
    PollError error = errorOf(Kind::ForeignRedirect, reply, detailOf(reply));
    error.redirectTarget = QUrl::fromEncoded(reply.header("Location").trimmed())
                               .adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    return error;
}

/// What a status other than 2xx says.
PollError errorOfStatus(const ReplyData &reply)
{
    const int status = reply.httpStatus;
    if (status <= 0)
        return errorOf(Kind::Unreachable, reply, tr("No answer came."));
    if (status >= 300 && status < 400 && status != 304)
        return redirectOf(reply);
    Kind kind = Kind::Unreadable;
    if (status == 401)
        kind = Kind::SignInNeeded;
    else if (status == 403)
        kind = Kind::NoPermission;
    else if (status == 404 || status == 410)
        kind = Kind::NotKnown;
    else if (status == 407)
        kind = Kind::Unreachable; // the operator's own proxy
    else if (status == 408)
        kind = Kind::Timeout;
    else if (status == 429)
        kind = Kind::RateLimited;
    else if (status >= 500)
        kind = Kind::ServerError;
    PollError error = errorOf(kind, reply, detailOf(reply));
    if (kind == Kind::RateLimited || kind == Kind::ServerError)
        error.retryAfter = retryAfterOf(reply);
    return error;
}

/// What the beginning of too large an answer says: there is a result, and so the task ended.
std::optional<TaskSnapshot> taskOfHead(const SecretRules &rules, const ReplyData &reply)
{
    const QByteArray body = reply.body.whole();
    if (reply.httpStatus < 200 || reply.httpStatus >= 300
        || JsonText::isDeeperThan(body, JsonText::maxDepth))
        return std::nullopt;
    const QByteArray text = JsonText::closed(JsonText::trimmed(body));
    auto task = readTask(QJsonDocument::fromJson(text).object(), text, rules);
    if (!task || !task->hasResult)
        return std::nullopt;
    task->resultIsHead = true;
    return task;
}

QString whyUnreadable(QByteArrayView body, QJsonParseError::ParseError error)
{
    if (looksLikeHtml(body))
        return tr("A web page came instead of a task.");
    if (error == QJsonParseError::IllegalUTF8String)
        return tr("The answer is not valid UTF-8.");
    if (error != QJsonParseError::NoError)
        return tr("The answer is broken or incomplete JSON.");
    return tr("The answer is JSON, but not an object.");
}

} // namespace

std::optional<PollError> errorOfReply(const ReplyData &reply)
{
    if (reply.transportError)
        return reply.transportError;
    if (reply.httpStatus < 200 || reply.httpStatus >= 300)
        return errorOfStatus(reply);
    return std::nullopt;
}

std::optional<QDateTime> serverDate(const ReplyData &reply)
{
    const QDateTime date = dateOf(reply.header("Date"));
    return date.isValid() ? std::optional(date.toUTC()) : std::nullopt;
}

tl::expected<TaskSnapshot, PollError> parseTaskReply(const ReplyData &reply)
{
    return parseTaskReplyBy({}, reply);
}

ParseReply parserBy(std::shared_ptr<const SecretRuleBook> book)
{
    return [book = std::move(book)](const ReplyData &reply) {
        return parseTaskReplyBy(book->rules(), reply);
    };
}

tl::expected<TaskSnapshot, PollError> parseTaskReplyBy(const SecretRules &rules,
                                                       const ReplyData &reply)
{
    if (reply.isHead) {
        if (auto task = taskOfHead(rules, reply))
            return std::move(*task);
    }
    if (const auto error = errorOfReply(reply))
        return tl::unexpected(*error);

    const QByteArray body = reply.body.whole();
    const QByteArrayView text = JsonText::trimmed(body);
    if (text.isEmpty() || text.trimmed() == "null")
        return tl::unexpected(errorOf(Kind::NotKnown, reply, tr("The answer is empty.")));
    if (JsonText::isDeeperThan(text, JsonText::maxDepth))
        return tl::unexpected(
            errorOf(Kind::Unreadable, reply, tr("The answer is nested too deeply.")));

    QJsonParseError problem;
    const QJsonDocument json = QJsonDocument::fromJson(body, &problem);
    if (!json.isObject())
        return tl::unexpected(errorOf(Kind::Unreadable, reply, whyUnreadable(text, problem.error)));
    auto task = readTask(json.object(), text, rules);
    if (!task)
        return tl::unexpected(
            errorOf(Kind::Unreadable, reply, tr("The answer is JSON, but not that of a task.")));
    return std::move(*task);
}
