#pragma once

#include "base/clock.h"

#include <QByteArray>
#include <QHash>
#include <QObject>
#include <QString>

#include <chrono>
#include <memory>

/// Whether the shown task's secrets may be seen: for 30 s after the operator asked, until another
/// task is shown. What is copied meanwhile leaves the clipboard after 30 s.
class SecretGate final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SecretGate)

public:
    static constexpr std::chrono::seconds openTime{30};

    /// The clock must outlive it.
    explicit SecretGate(const Clock &clock, QObject *parent = nullptr);
    /// A secret does not stay in the clipboard of a program that has ended.
    ~SecretGate() override;

    /// The task shown holds secrets (or not).
    void setNeeded(bool needed);
    [[nodiscard]] bool isNeeded() const { return m_isNeeded; }
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    /// Until it closes by itself, in whole seconds.
    [[nodiscard]] std::chrono::seconds timeLeft() const;
    [[nodiscard]] bool masks() const { return m_isNeeded && !m_isOpen; }

    void open();
    void close();

    /// Puts `text` on the clipboard.
    void copy(const QString &text);
    /// To be called for what another way has put there.
    void noteCopied(const QString &text);

Q_SIGNALS:
    void changed();
    /// Once a second while it is open.
    void ticked();

private:
    /// Of what was to leave it by then (awake time).
    void clearClipboard(std::chrono::milliseconds by);
    void tick();

    const Clock &m_clock;
    std::chrono::milliseconds m_openUntil{0}; ///< awake time
    bool m_isNeeded = false;
    bool m_isOpen = false;
    /// Until when what was copied may stay (awake time). Known again by its hash: the texts are
    /// secrets, and each selection with the mouse is one more.
    QHash<QByteArray, std::chrono::milliseconds> m_copied;
    std::unique_ptr<ClockTimer> m_closing;
    std::unique_ptr<ClockTimer> m_clearing;
    std::unique_ptr<ClockTimer> m_ticking;
};
