#include "account/serverconfigs.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 caFileCap = 4LL * 1024 * 1024;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ServerConfigs)
};

} // namespace

tl::expected<QList<QSslCertificate>, QString> readCaFile(const QString &path)
{
    const QString shown = QDir::toNativeSeparators(path);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(
            Words::tr("The CA file %1 cannot be read: %2.").arg(shown, file.errorString()));
    const auto certificates = QSslCertificate::fromData(file.read(caFileCap), QSsl::Pem);
    if (certificates.isEmpty())
        return tl::unexpected(
            Words::tr("%1 holds no certificate in PEM form (“-----BEGIN CERTIFICATE-----”).")
                .arg(shown));
    return certificates;
}

tl::expected<ServerConfig, QString> serverConfigOf(const ServerProfile &profile,
                                                   const NetworkSettings &network)
{
    if (profile.apiRoot.scheme() == "http"_L1 && !isLoopback(profile.apiRoot) && !profile.allowHttp)
        return tl::unexpected(Words::tr("%1 is not encrypted: everybody on the way could read the "
                                        "token. Use https, or allow it in this server's settings.")
                                  .arg(profile.apiRoot.host()));
    ServerConfig config;
    config.id = profile.id;
    config.name = profile.shownName();
    config.root = ApiRoot(profile.apiRoot);
    config.manners.requestsPerSecond = profile.requestsPerSecond;
    config.network = network;
    config.network.proxy = profile.proxy;
    config.paused = profile.paused;
    config.push = profile.push;
    config.discover = profile.discovery != ServerProfile::Discovery::Off;
    if (!profile.caFile.isEmpty()) {
        auto certificates = readCaFile(profile.caFile);
        if (!certificates)
            return tl::unexpected(certificates.error());
        config.network.extraCa = *std::move(certificates);
    }
    return config;
}
