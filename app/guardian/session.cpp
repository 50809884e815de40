#include "guardian/session.h"

#include <algorithm>

Session::Session(QObject *parent)
    : QObject(parent)
{
}

Session::~Session() = default;

std::optional<Authorization> Session::authorization() const
{
    if (m_refused || m_token.isEmpty())
        return std::nullopt;
    return Authorization{m_token, m_generation};
}

void Session::setToken(const Secret &token)
{
    Secret trimmed(token.reveal().trimmed());
    // A line break in a header would smuggle in further headers.
    const bool fits = std::all_of(trimmed.reveal().cbegin(), trimmed.reveal().cend(),
                                  [](char byte) { return byte > 0x20 && byte < 0x7f; });
    m_token = fits ? std::move(trimmed) : Secret();
    m_refused = false;
    ++m_generation;
    if (m_token.isEmpty())
        Q_EMIT signInNeeded();
    else
        Q_EMIT ready();
}

void Session::refused(quint64 generation)
{
    if (generation != m_generation || m_refused)
        return;
    m_refused = true;
    Q_EMIT signInNeeded();
}
