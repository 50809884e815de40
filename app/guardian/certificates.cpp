#include "guardian/certificates.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSslCertificate>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Certificates)
};

QString nameOf(const QSslCertificate &certificate, bool issuer)
{
    QStringList parts;
    for (const auto field : {QSslCertificate::CommonName, QSslCertificate::Organization,
                             QSslCertificate::OrganizationalUnitName})
        parts += issuer ? certificate.issuerInfo(field) : certificate.subjectInfo(field);
    return parts.join(", "_L1);
}

QString dayOf(const QDateTime &time)
{
    return QLocale().toString(time.toLocalTime().date(), QLocale::ShortFormat);
}

QString hostsOf(const QSslCertificate &certificate)
{
    QStringList hosts = certificate.subjectAlternativeNames().values();
    if (hosts.isEmpty())
        hosts = certificate.subjectInfo(QSslCertificate::CommonName);
    hosts.sort();
    constexpr qsizetype shown = 5;
    return hosts.mid(0, shown).join(", "_L1) + (hosts.size() > shown ? u", …"_s : QString());
}

QString wordsOf(const QSslError &error, const QString &host)
{
    const QSslCertificate certificate = error.certificate();
    switch (int(error.error())) {
    case QSslError::SelfSignedCertificate:
        return Words::tr("The certificate is self-signed: nobody vouches for it.");
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::CertificateUntrusted:
        return Words::tr("It was issued by “%1”, which this machine does not trust.")
            .arg(nameOf(certificate, true));
    case QSslError::UnableToVerifyFirstCertificate:
        return Words::tr("The server does not show the whole chain of its certificates.");
    case QSslError::CertificateExpired:
        return Words::tr("It ended on %1.").arg(dayOf(certificate.expiryDate()));
    case QSslError::CertificateNotYetValid:
        return Words::tr("It begins on %1 only: is this machine's date right?")
            .arg(dayOf(certificate.effectiveDate()));
    case QSslError::HostNameMismatch:
        return Words::tr("It is not for “%1”, but for: %2.").arg(host, hostsOf(certificate));
    case QSslError::CertificateRevoked:
        return Words::tr("It was revoked by who issued it.");
    default:
        return error.errorString() + u'.';
    }
}

} // namespace

QList<CertificateInfo> Certificates::infoOf(const QList<QSslCertificate> &chain)
{
    QList<CertificateInfo> infos;
    for (const QSslCertificate &certificate : chain)
        infos.append({nameOf(certificate, false), nameOf(certificate, true),
                      certificate.effectiveDate().toUTC(), certificate.expiryDate().toUTC(),
                      certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper()});
    return infos;
}

QString Certificates::words(const QList<QSslError> &errors, const QString &host)
{
    QStringList sentences;
    for (const QSslError &error : errors)
        sentences.append(wordsOf(error, host));
    sentences.removeDuplicates();
    return sentences.join(u' ');
}
