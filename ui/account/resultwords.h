#pragma once

#include "task/pollerror.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;

/// How a test or a sign-in went: an icon, what happened, what to do about it; for a certificate
/// that is not trusted, the chain as well, to be compared with what an administrator says.
class ResultWords final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ResultWords)

public:
    enum class Mood { Neutral, Good, Bad };

    explicit ResultWords(QWidget *parent = nullptr);

    void set(Mood mood, const QString &headline, const QString &nextStep);
    void setError(const PollError &error);
    void clear() { set(Mood::Neutral, {}, {}); }
    [[nodiscard]] QString headline() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void refreshIcon();

    Mood m_mood = Mood::Neutral;
    QLabel *m_icon;
    QLabel *m_headline;
    QLabel *m_nextStep;
    QPlainTextEdit *m_certificates;
};

/// The chain as text, the server's own certificate first: subject, issuer, dates, SHA-256.
[[nodiscard]] QString certificateText(const QList<CertificateInfo> &chain);
