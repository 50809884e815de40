#pragma once

#include "guardiansimulator.h"
#include "manualclock.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>

/// What came back, when it has.
struct Answer {
    int status = 0;
    QByteArray body;
    QNetworkReply::NetworkError error = QNetworkReply::NoError;
    QHash<QByteArray, QByteArray> headers;

    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
};

/// A simulator on a clock that stands still, asked by nothing but Qt's own client.
class SimulatorFixture : public QObject
{
    Q_OBJECT

protected:
    void begin();
    void end();
    void make(SimOptions options = {});
    [[nodiscard]] QNetworkReply *send(const QByteArray &verb, const QUrl &url,
                                      const QByteArray &body = {}, const QByteArray &token = {});
    [[nodiscard]] static Answer read(QNetworkReply *reply);
    /// Waits for the end of one request.
    [[nodiscard]] Answer ask(const QByteArray &verb, const QUrl &url, const QByteArray &body = {},
                             const QByteArray &token = {});
    [[nodiscard]] Answer ask(const QString &path) { return ask("GET", api(path), {}, m_token); }
    [[nodiscard]] Answer askTask(const TaskId &id)
    {
        return ask(QStringLiteral("tasks/") + id.text());
    }
    /// For an https server on 127.0.0.1, of the tests' own authority.
    [[nodiscard]] static QSslConfiguration serverTls();
    [[nodiscard]] static QSslCertificate testAuthority();
    [[nodiscard]] QUrl api(const QString &path) const;
    [[nodiscard]] QUrl control(const QString &order) const;

    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<GuardianSimulator> m_simulator;
    std::unique_ptr<QNetworkAccessManager> m_network;
    QByteArray m_token;
};
