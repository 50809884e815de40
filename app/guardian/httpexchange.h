#pragma once

#include "base/clock.h"
#include "task/replydata.h"

#include <QObject>
#include <QPointer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

class QNetworkReply;
class QSslError;

/// One request on its way: collects the body up to a cap, watches the time, and tells the end once.
/// A part of GuardianClient.
class HttpExchange final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HttpExchange)

public:
    struct Limits {
        std::chrono::milliseconds idle{};
        std::chrono::milliseconds total{};
        qint64 bytes = 0;
    };
    using Ended = std::function<void(HttpExchange *, ReplyData)>;

    /// Takes the reply over.
    HttpExchange(QNetworkReply *reply, const Limits &limits, const Clock &clock, Ended ended);
    /// Breaks off without a word.
    ~HttpExchange() override;

    /// Ends now, with that reason.
    void abort(const PollError &reason);
    [[nodiscard]] bool usedHttp2() const { return m_usedHttp2; } ///< known at the end

private:
    void noteSign();
    void startTimer(std::chrono::milliseconds now);
    void onTimer();
    void timeOut();
    void receive();
    void checkDeclaredSize();
    void finish();
    void keepCertificates(const QList<QSslError> &errors);
    [[nodiscard]] ReplyData result() const;
    [[nodiscard]] std::optional<PollError> transportError(int httpStatus) const;
    [[nodiscard]] bool isCutShort() const;
    [[nodiscard]] PollError tooLarge() const;

    QPointer<QNetworkReply> m_reply;
    Limits m_limits;
    const Clock &m_clock;
    std::chrono::milliseconds m_sentAt;
    std::chrono::milliseconds m_totalUntil;
    std::chrono::milliseconds m_idleUntil{0};  ///< unless another sign of life comes
    std::chrono::milliseconds m_timerUntil{0}; ///< may lag behind the two above
    Ended m_ended;
    std::unique_ptr<ClockTimer> m_timer;
    QByteArray m_body;
    qint64
        m_wanted; ///< bytes of it: what is known to be too large is read no further than its head
    std::optional<PollError> m_certificateError;
    std::optional<PollError> m_reason; ///< why we broke it off ourselves
    bool m_ending = false;
    bool m_usedHttp2 = false;
};
