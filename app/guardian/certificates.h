#pragma once

#include "task/certificateinfo.h"

#include <QList>
#include <QSslError>
#include <QString>

/// A server's certificates for people. Pure.
namespace Certificates {

[[nodiscard]] QList<CertificateInfo> infoOf(const QList<QSslCertificate> &chain);
/// What is wrong, a sentence each: in plain words where the reason is common, else in Qt's.
[[nodiscard]] QString words(const QList<QSslError> &errors, const QString &host);

} // namespace Certificates
