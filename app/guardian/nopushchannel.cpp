// PushChannel in a build without Qt WebSockets: it never opens.
#include "guardian/pushchannel.h"

#include <utility>

PushChannel::PushChannel(Peer peer, const Clock &clock, std::function<double()> random,
                         QObject *parent)
    : QObject(parent)
    , m_peer(std::move(peer))
    , m_clock(clock)
    , m_random(std::move(random))
{
}

PushChannel::~PushChannel() = default;

bool PushChannel::isAvailable()
{
    return false;
}

void PushChannel::setWanted(bool /*wanted*/) {}
void PushChannel::signIn() {}
void PushChannel::setToken(const Secret & /*token*/) {}
void PushChannel::signOut() {}
void PushChannel::networkReturned() {}
