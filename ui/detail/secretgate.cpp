#include "detail/secretgate.h"

#include <QClipboard>
#include <QCryptographicHash>
#include <QGuiApplication>

#include <algorithm>

using namespace std::chrono_literals;

namespace {

QByteArray hashOf(const QString &text)
{
    return QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
}

} // namespace

SecretGate::SecretGate(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_closing(clock.makeTimer([this] { close(); }))
    , m_clearing(clock.makeTimer([this] { clearClipboard(m_clock.now().awake); }))
    , m_ticking(clock.makeTimer([this] { tick(); }))
{
}

SecretGate::~SecretGate()
{
    clearClipboard(std::chrono::milliseconds::max());
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
    m_ticking->stop();
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
    m_copied.insert(hashOf(text), m_clock.now().awake + openTime);
    if (!m_clearing->isActive())
        m_clearing->start(openTime);
}

void SecretGate::clearClipboard(std::chrono::milliseconds by)
{
    if (m_copied.isEmpty() || !QGuiApplication::instance())
        return;
    QClipboard *clipboard = QGuiApplication::clipboard();
    for (const QClipboard::Mode mode : {QClipboard::Clipboard, QClipboard::Selection}) {
        const auto copied = m_copied.constFind(hashOf(clipboard->text(mode)));
        if (copied != m_copied.cend() && *copied <= by)
            clipboard->clear(mode);
    }
    m_copied.removeIf(
        [by](const std::pair<const QByteArray &, std::chrono::milliseconds &> &copied) {
            return copied.second <= by;
        });
    if (!m_copied.isEmpty())
        m_clearing->start(*std::min_element(m_copied.cbegin(), m_copied.cend()) - by);
}
