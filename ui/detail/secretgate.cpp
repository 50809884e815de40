#include "detail/secretgate.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

using namespace std::chrono_literals;

SecretGate::SecretGate(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_closing(clock.makeTimer([this] { close(); }))
    , m_clearing(clock.makeTimer([this] { clearClipboard(); }))
    , m_ticking(clock.makeTimer([this] { tick(); }))
{
}

SecretGate::~SecretGate()
{
    clearClipboard();
}

void SecretGate::setNeeded(bool needed)
{
    if (m_isNeeded == needed)
        return;
    m_isNeeded = needed;
    m_isOpen = false;
    m_closing->stop();
    m_ticking->stop();
    Q_EMIT changed();
}

void SecretGate::open()
{
    if (!m_isNeeded)
        return;
    m_closing->start(openTime);
    m_openUntil = m_clock.now().awake + openTime;
    m_ticking->start(1s);
    if (m_isOpen)
        return;
    m_isOpen = true;
    Q_EMIT changed();
}

std::chrono::seconds SecretGate::timeLeft() const
{
    const auto left = std::chrono::ceil<std::chrono::seconds>(m_openUntil - m_clock.now().awake);
    return m_isOpen ? std::max(left, 0s) : 0s;
}

void SecretGate::tick()
{
    m_ticking->start(1s);
    Q_EMIT ticked();
}

void SecretGate::close()
{
    m_closing->stop();
    if (!m_isOpen)
        return;
    m_isOpen = false;
    Q_EMIT changed();
}

void SecretGate::copy(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
    noteCopied(text);
}

void SecretGate::noteCopied(const QString &text)
{
    if (!m_isNeeded || !m_isOpen || text.isEmpty())
        return;
    m_copied = text;
    m_clearing->start(openTime);
}

void SecretGate::clearClipboard()
{
    if (m_copied.isEmpty() || !QGuiApplication::instance())
        return;
    QClipboard *clipboard = QGuiApplication::clipboard();
    for (const QClipboard::Mode mode : {QClipboard::Clipboard, QClipboard::Selection}) {
        if (clipboard->text(mode) == m_copied)
            clipboard->clear(mode);
    }
    m_copied.clear();
}
