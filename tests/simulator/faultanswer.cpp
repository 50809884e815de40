#include "faultanswer.h"

#include "simreplies.h"

#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace {

HttpReply withStatus(const Fault &fault)
{
    HttpReply reply;
    switch (fault.status) {
    case 401:
        reply = SimReplies::unauthorized();
        break;
    case 403:
        reply = SimReplies::json(QJsonObject{{u"message"_s, u"Forbidden resource"_s},
                                             {u"error"_s, u"Forbidden"_s},
                                             {u"statusCode"_s, 403}},
                                 403);
        break;
    case 429:
        reply = SimReplies::error(429, u"Too Many Requests"_s);
        break;
    case 502:
        reply = SimReplies::html("502 Bad Gateway", 502);
        break;
    case 503:
        reply = SimReplies::html("503 Service Temporarily Unavailable", 503);
        break;
    case 504:
        reply = SimReplies::html("504 Gateway Time-out", 504);
        break;
    default:
        reply = SimReplies::json(
            QJsonObject{{u"code"_s, fault.status}, {u"message"_s, u"Simulated failure"_s}},
            fault.status);
        break;
    }
    if (!fault.retryAfter.isEmpty())
        reply.headers.emplaceBack("Retry-After", fault.retryAfter);
    return reply;
}

HttpReply redirectTo(const QByteArray &target, int status)
{
    HttpReply reply = SimReplies::html("Moved", status == 0 ? 302 : status);
    reply.headers.emplaceBack("Location", target);
    return reply;
}

} // namespace

HttpAnswer spoil(const Fault &fault, HttpReply right, const HttpRequest &request)
{
    HttpAnswer answer;
    answer.reply = std::move(right);
    answer.delay = fault.delay;
    answer.interval = fault.interval;
    switch (fault.kind) {
    case Fault::Kind::Latency:
        break;
    case Fault::Kind::Status:
        answer.reply = withStatus(fault);
        break;
    case Fault::Kind::LoginPage:
        answer.reply = SimReplies::html("Sign in");
        break;
    case Fault::Kind::Empty:
        answer.reply = {};
        break;
    case Fault::Kind::Body:
        answer.reply = {fault.status == 0 ? 200 : fault.status, fault.contentType, fault.body, {}};
        break;
    case Fault::Kind::Redirect:
        answer.reply = redirectTo(fault.target.toEncoded(), fault.status);
        break;
    case Fault::Kind::SameOrigin:
        answer.reply = redirectTo(request.path.toLatin1() + "?again=1", fault.status);
        break;
    case Fault::Kind::Truncated:
        answer.reply.body.truncate(answer.reply.body.size() / 2);
        break;
    case Fault::Kind::CutInBody:
        answer.manner = HttpAnswer::Manner::CutInBody;
        break;
    case Fault::Kind::ResetInBody:
        answer.manner = HttpAnswer::Manner::ResetInBody;
        break;
    case Fault::Kind::Drip:
        answer.manner = HttpAnswer::Manner::Drip;
        break;
    case Fault::Kind::Silent:
        answer.manner = HttpAnswer::Manner::Silent;
        break;
    }
    return answer;
}
