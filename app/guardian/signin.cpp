#include "guardian/signin.h"

#include "guardian/parsetaskreply.h"
#include "guardian/trouble.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

SignInResult readAnswer(const ReplyData &reply)
{
    if (const auto error = errorOfReply(reply))
        return tl::unexpected(*error);
    const QJsonObject json = QJsonDocument::fromJson(reply.body.whole()).object();
    Credentials credentials;
    credentials.refreshToken = Secret(json.value("refreshToken"_L1).toString().toUtf8());
    credentials.accessToken = Secret(json.value("accessToken"_L1).toString().toUtf8());
    if (!credentials.hasToken())
        return tl::unexpected(
            trouble(PollError::Kind::Unreadable,
                    SignIn::tr("The server's answer to the sign-in holds no token.")));
    return credentials;
}

} // namespace

SignIn::SignIn(const ApiRoot &root, const NetworkSettings &network, const Secret &proxyPassword,
               const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_client(root, network, clock)
    , m_proxyPassword(proxyPassword)
{
    m_client.setProxyPassword(proxyPassword);
}

void SignIn::start(const QString &user, const Secret &password, Done done)
{
    const QJsonObject body{{u"username"_s, user},
                           {u"password"_s, QString::fromUtf8(password.reveal())}};
    m_client.send({.verb = "POST",
                   .path = u"accounts/login"_s,
                   .body = QJsonDocument(body).toJson(QJsonDocument::Compact)},
                  this, [this, done = std::move(done)](const ReplyData &reply) {
                      SignInResult result = readAnswer(reply);
                      if (result)
                          result->proxyPassword = m_proxyPassword;
                      done(result);
                  });
}
