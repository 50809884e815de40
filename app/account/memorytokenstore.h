#pragma once

#include "account/tokenstore.h"

#include <QHash>
#include <QList>
#include <QPointer>

/// Tokens for this run only.
class MemoryTokenStore final : public TokenStore
{
    Q_OBJECT

public:
    /// `reason`: why there is nothing better, in words for the operator.
    explicit MemoryTokenStore(QString reason, QObject *parent = nullptr);
    Q_DISABLE_COPY_MOVE(MemoryTokenStore)

    void read(const ServerId &server, QObject *context, Done<Credentials> done) override;
    void write(const ServerId &server, const Credentials &credentials, QObject *context,
               Done<void> done) override;
    void remove(const ServerId &server, QObject *context, Done<void> done) override;
    [[nodiscard]] bool isPersistent() const override { return false; }
    [[nodiscard]] QString reason() const override { return m_reason; }

Q_SIGNALS:
    void answered(QPrivateSignal);

private:
    /// Later, as a keychain does: a caller that works with one store works with the other.
    void answer(QObject *context, std::function<void()> tell);
    void deliver();

    struct Answer {
        QPointer<QObject> context;
        std::function<void()> tell;
    };
    QString m_reason;
    QHash<ServerId, Credentials> m_tokens;
    QList<Answer> m_answers; ///< one for each answered() on its way
};
