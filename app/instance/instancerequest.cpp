#include "instance/instancerequest.h"

#include <QCborMap>
#include <QCborValue>
#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 protocolVersion = 1;
constexpr auto version = "v"_L1;
constexpr auto kind = "kind"_L1;
constexpr auto text = "text"_L1;
constexpr auto server = "server"_L1;
constexpr auto activation = "activation"_L1;
constexpr auto raise = "raise"_L1;
constexpr auto accepted = "accepted"_L1;
constexpr auto words = "words"_L1;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Instance)
};

[[nodiscard]] tl::unexpected<QString> unreadable()
{
    return tl::unexpected(Words::tr("What the other Taskwatch said could not be read."));
}

[[nodiscard]] QLatin1String wordOf(InstanceRequest::Kind request)
{
    switch (request) {
    case InstanceRequest::Kind::Show:
        return "show"_L1;
    case InstanceRequest::Kind::Track:
        return "track"_L1;
    case InstanceRequest::Kind::Link:
        return "link"_L1;
    case InstanceRequest::Kind::Action:
        return "action"_L1;
    case InstanceRequest::Kind::Import:
        return "import"_L1;
    }
    Q_UNREACHABLE();
}

/// Not a map: it is damaged.
[[nodiscard]] QCborValue parsed(const QByteArray &bytes)
{
    QCborParserError error;
    const QCborValue value = QCborValue::fromCbor(bytes, &error);
    return error.error == QCborError::NoError ? value : QCborValue();
}

} // namespace

QStringList instanceActions()
{
    return {u"look-up-clipboard"_s, u"next-problem"_s};
}

QByteArray encode(const InstanceRequest &request)
{
    const QCborMap map{
        {version, protocolVersion}, {kind, wordOf(request.kind)},          {text, request.text},
        {server, request.server},   {activation, request.activationToken}, {raise, request.raise}};
    return map.toCborValue().toCbor();
}

QByteArray encode(const InstanceReply &reply)
{
    const QCborMap map{
        {version, protocolVersion}, {accepted, reply.accepted}, {words, reply.words}};
    return map.toCborValue().toCbor();
}

tl::expected<InstanceRequest, QString> decodeRequest(const QByteArray &bytes)
{
    const QCborValue value = parsed(bytes);
    if (!value.isMap())
        return unreadable();
    const QCborMap map = value.toMap();
    if (map.value(version).toInteger() != protocolVersion)
        return tl::unexpected(
            Words::tr("Another version of Taskwatch is running. Quit it and start it again."));
    using Kind = InstanceRequest::Kind;
    for (const Kind one : {Kind::Show, Kind::Track, Kind::Link, Kind::Action, Kind::Import}) {
        if (map.value(kind).toString() == wordOf(one))
            return InstanceRequest{one, map.value(text).toString(), map.value(server).toString(),
                                   map.value(activation).toString(), map.value(raise).toBool(true)};
    }
    return unreadable();
}

tl::expected<InstanceReply, QString> decodeReply(const QByteArray &bytes)
{
    const QCborValue value = parsed(bytes);
    if (!value.isMap() || !value.toMap().value(accepted).isBool())
        return unreadable();
    const QCborMap map = value.toMap();
    return InstanceReply{map.value(accepted).toBool(), map.value(words).toString()};
}

InstanceRequest showRequest()
{
    InstanceRequest request;
    request.activationToken = qEnvironmentVariable("XDG_ACTIVATION_TOKEN");
    if (request.activationToken.isEmpty())
        request.activationToken = qEnvironmentVariable("DESKTOP_STARTUP_ID");
    return request;
}
