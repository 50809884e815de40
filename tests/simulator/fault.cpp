#include "fault.h"

#include <algorithm>
#include <array>
#include <utility>

using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array<std::pair<const char *, Fault::Kind>, 12> kinds{{
    {"latency", Fault::Kind::Latency},
    {"status", Fault::Kind::Status},
    {"login-page", Fault::Kind::LoginPage},
    {"empty", Fault::Kind::Empty},
    {"body", Fault::Kind::Body},
    {"redirect", Fault::Kind::Redirect},
    {"same-origin", Fault::Kind::SameOrigin},
    {"truncated", Fault::Kind::Truncated},
    {"cut", Fault::Kind::CutInBody},
    {"reset", Fault::Kind::ResetInBody},
    {"drip", Fault::Kind::Drip},
    {"silent", Fault::Kind::Silent},
}};

QString wordOf(const Fault &fault)
{
    const auto *const kind = std::find_if(
        kinds.begin(), kinds.end(), [&fault](const auto &one) { return one.second == fault.kind; });
    const QString word = QString::fromLatin1(kind->first);
    return fault.status > 0 ? word + u' ' + QString::number(fault.status) : word;
}

} // namespace

tl::expected<Fault, QString> faultFromJson(const QJsonObject &json)
{
    Fault fault;
    const QString kind = json["kind"_L1].toString();
    bool known = false;
    for (const auto &[name, value] : kinds) {
        if (kind == QLatin1String(name)) {
            fault.kind = value;
            known = true;
        }
    }
    if (!known)
        return tl::unexpected(u"no such kind of fault: \"%1\""_s.arg(kind));
    fault.count = json["count"_L1].toInt(1);
    fault.taskId = json["taskId"_L1].toString();
    fault.path = json["path"_L1].toString();
    fault.delay = milliseconds{json["delay"_L1].toInteger()};
    fault.interval = milliseconds{json["interval"_L1].toInteger(fault.interval.count())};
    fault.status = json["status"_L1].toInt();
    fault.retryAfter = json["retryAfter"_L1].toVariant().toString().toLatin1();
    fault.target = QUrl(json["target"_L1].toString());
    fault.body = json["body"_L1].toString().toUtf8();
    if (json.contains("contentType"_L1))
        fault.contentType = json["contentType"_L1].toString().toLatin1();
    if (fault.kind == Fault::Kind::Status && (fault.status < 100 || fault.status > 599))
        return tl::unexpected(u"a fault of kind \"status\" needs a status from 100 to 599"_s);
    if (fault.kind == Fault::Kind::Redirect && !fault.target.isValid())
        return tl::unexpected(u"a fault of kind \"redirect\" needs a target"_s);
    return fault;
}

std::optional<Fault> FaultList::take(const QString &path, const QString &taskId)
{
    for (auto it = m_faults.begin(); it != m_faults.end(); ++it) {
        if ((!it->taskId.isEmpty() && it->taskId != taskId)
            || (!it->path.isEmpty() && !path.contains(it->path)))
            continue;
        Fault fault = *it;
        ++m_hits[wordOf(fault)];
        if (it->count > 0 && --it->count == 0)
            m_faults.erase(it);
        return fault;
    }
    return std::nullopt;
}
