#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>

/// One certificate of a server's chain, for people to compare with what their administrator says.
struct CertificateInfo {
    QString subject; ///< as text, may be of several lines of meaning: "CN, O"
    QString issuer;
    QDateTime validFrom;  ///< UTC
    QDateTime validUntil; ///< UTC
    QByteArray sha256;    ///< fingerprint: hexadecimal, in upper case, bytes parted by colons

    friend bool operator==(const CertificateInfo &, const CertificateInfo &) = default;
};
