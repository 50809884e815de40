#include "guardian/apirootprober.h"

#include "guardian/trouble.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 probeCap = 1024LL * 1024;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ApiRootProber)
};

bool isHtml(const ReplyData &reply)
{
    return reply.header("content-type").toLower().contains("html")
           || reply.body.whole().trimmed().startsWith('<');
}

/// As the API answers one who shows no token: refused in JSON, or an unknown task.
bool isApi(const ReplyData &reply)
{
    if (isHtml(reply))
        return false;
    const QByteArray body = reply.body.whole().trimmed();
    const bool json = body.startsWith('{') || body == "null";
    switch (reply.httpStatus) {
    case 200:
    case 401:
    case 403:
        return body.isEmpty() || json;
    default:
        return false;
    }
}

/// What stands at an address where no API is.
PollError explain(const ReplyData &reply, const QUrl &url)
{
    const QString where = url.toDisplayString();
    PollError error = trouble(PollError::Kind::Unreadable);
    error.httpStatus = reply.httpStatus;
    if (reply.httpStatus >= 500) {
        error.kind = PollError::Kind::ServerError;
        error.detail =
            Words::tr("The server has trouble of its own: status %1.").arg(reply.httpStatus);
    } else if (reply.httpStatus == 429) {
        error.kind = PollError::Kind::RateLimited;
        error.detail = Words::tr("The server asks to wait before the next request.");
    } else if (reply.httpStatus == 401 || reply.httpStatus == 403) {
        error.detail = Words::tr("Something before the server asks for a sign-in of its own at %1.")
                           .arg(where);
    } else if (reply.httpStatus >= 300 && reply.httpStatus < 400) {
        error.kind = PollError::Kind::ForeignRedirect;
        error.redirectTarget = url.resolved(QUrl::fromEncoded(reply.header("location")))
                                   .adjusted(QUrl::RemoveUserInfo);
        error.detail = Words::tr("The server sends requests on to another address.");
    } else if (isHtml(reply)) {
        error.detail = Words::tr("There is a web page at %1, but no Guardian API.").arg(where);
    } else {
        error.detail = Words::tr("A server answers at %1, but not as a Guardian does.").arg(where);
    }
    return error;
}

/// Which error says most when no candidate is the API: a server in trouble may well be one, a page
/// is more than nothing.
int weight(const PollError &error)
{
    switch (error.kind) {
    case PollError::Kind::ServerError:
    case PollError::Kind::RateLimited:
        return 3;
    case PollError::Kind::ForeignRedirect:
        return 2;
    default:
        return error.httpStatus == 404 ? 0 : 1;
    }
}

/// Troubles that all candidates share, being on one server.
bool endsSearch(PollError::Kind kind)
{
    return kind == PollError::Kind::Unreachable || kind == PollError::Kind::Timeout
           || kind == PollError::Kind::Certificate;
}

} // namespace

ApiRootProber::ApiRootProber(const NetworkSettings &settings, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_clock(clock)
{
    m_settings.idleTimeout = std::min<std::chrono::milliseconds>(m_settings.idleTimeout, 15s);
    m_settings.totalTimeout = std::min<std::chrono::milliseconds>(m_settings.totalTimeout, 30s);
    m_settings.replyCap = std::min(m_settings.replyCap, probeCap);
}

ApiRootProber::~ApiRootProber() = default;

void ApiRootProber::start(const QList<QUrl> &candidates)
{
    Q_ASSERT(!candidates.isEmpty());
    m_candidates = candidates;
    m_error.reset();
    probeNext();
}

void ApiRootProber::probeNext()
{
    if (m_client)
        m_client->deleteLater();
    m_client = new GuardianClient(ApiRoot(m_candidates.constFirst()), m_settings, m_clock, this);
    const TaskId nobodys(u"00000000-0000-0000-0000-000000000000"_s);
    m_client->send({.path = taskPath(nobodys)}, m_client,
                   [this](const ReplyData &reply) { judge(reply); });
}

void ApiRootProber::judge(const ReplyData &reply)
{
    const QUrl url = m_candidates.takeFirst();
    if (reply.transportError) {
        PollError error = *reply.transportError;
        if (error.kind == PollError::Kind::Certificate && isLoopback(url))
            error.detail += u' '
                            + Words::tr("If the server speaks plain http on this machine, type "
                                        "the address with http:// in front.");
        remember(error);
        if (endsSearch(error.kind))
            m_candidates.clear();
    } else if (isApi(reply)) {
        finish(ApiRoot(url));
        return;
    } else {
        remember(explain(reply, url));
    }
    if (m_candidates.isEmpty())
        finish(tl::unexpected(*m_error));
    else
        probeNext();
}

void ApiRootProber::remember(const PollError &error)
{
    if (!m_error || weight(error) > weight(*m_error))
        m_error = error;
}

void ApiRootProber::finish(const Result &result)
{
    m_client->deleteLater();
    m_client = nullptr;
    Q_EMIT finished(result);
}
