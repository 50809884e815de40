#pragma once

#include "account/tokenstore.h"

#include <QHash>

#include <optional>

/// Tokens for this run only.
class MemoryTokenStore final : public TokenStore
{
    Q_OBJECT

public:
    /// `reason`: why there is nothing better, in words for the operator.
    explicit MemoryTokenStore(QString reason, QObject *parent = nullptr);
    Q_DISABLE_COPY_MOVE(MemoryTokenStore)

    void read(const ServerId &server, QObject *context, Done<Secret> done) override;
    void write(const ServerId &server, const Secret &token, QObject *context,
               Done<void> done) override;
    void remove(const ServerId &server, QObject *context, Done<void> done) override;
    [[nodiscard]] bool isPersistent() const override { return false; }
    [[nodiscard]] QString reason() const override { return m_reason; }

private:
    QString m_reason;
    QHash<ServerId, Secret> m_tokens;
};
