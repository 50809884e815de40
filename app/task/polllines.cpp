#include "task/polllines.h"

#include <algorithm>

namespace {

// What the first byte of a line says: the phase, of which `unchanged` is 0, and
constexpr unsigned char phaseBits = 0x07;
constexpr unsigned char troubled = 0x08;
constexpr unsigned char foreign = 0x10;
constexpr unsigned char otherStatus = 0x20; ///< than 200: it follows

constexpr qint16 usualStatus = 200;
constexpr std::size_t longestLine = 24;
/// Room is made for so many bytes more: a line or two.
constexpr std::size_t roomStep = 8;

/// Seven bits a byte, the lowest first; the eighth says that more follow.
void put(std::vector<unsigned char> &bytes, quint64 number)
{
    for (; number >= 0x80U; number >>= 7U)
        bytes.push_back(static_cast<unsigned char>(number | 0x80U));
    bytes.push_back(static_cast<unsigned char>(number));
}

using Place = std::vector<unsigned char>::const_iterator;

quint64 take(Place &at)
{
    quint64 number = 0;
    for (unsigned shift = 0;; shift += 7) {
        const unsigned char byte = *at++;
        number |= quint64(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0)
            return number;
    }
}

/// Small ones of either sign become small ones without: a clock may be set back.
quint64 folded(qint64 number)
{
    return (quint64(number) << 1U) ^ quint64(number >> 63);
}

qint64 unfolded(quint64 number)
{
    return qint64(number >> 1U) ^ -qint64(number & 1U);
}

/// All but its trouble; `time`: of the line before, then of this.
PollLine takeLine(Place &at, qint64 &time, bool &isTroubled)
{
    const unsigned char kind = *at++;
    PollLine line;
    line.phase = static_cast<qint8>((kind & phaseBits) - 1);
    line.foreign = (kind & foreign) != 0;
    isTroubled = (kind & troubled) != 0;
    time += unfolded(take(at));
    line.at = time;
    line.duration = static_cast<qint32>(take(at));
    line.httpStatus = (kind & otherStatus) != 0 ? static_cast<qint16>(take(at)) : usualStatus;
    return line;
}

} // namespace

void PollLines::append(const PollLine &line, quint16 most)
{
    if (m_count >= most)
        dropOldest();
    if (m_count == 0)
        m_before = line.at;
    std::vector<unsigned char> added;
    added.reserve(longestLine);
    added.push_back(static_cast<unsigned char>(
        (static_cast<unsigned>(line.phase + 1) & phaseBits) | (line.trouble ? troubled : 0U)
        | (line.foreign ? foreign : 0U) | (line.httpStatus == usualStatus ? 0U : otherStatus)));
    put(added, folded(line.at - lastTime()));
    put(added, quint64(line.duration));
    if (line.httpStatus != usualStatus)
        put(added, quint64(line.httpStatus));
    if (m_bytes.size() + added.size() > m_bytes.capacity())
        m_bytes.reserve(m_bytes.size() + std::max(roomStep, added.size()));
    m_bytes.insert(m_bytes.end(), added.cbegin(), added.cend());
    if (line.trouble) {
        if (!m_troubles)
            m_troubles.emplace();
        // Of an outage all are alike.
        const bool again = !m_troubles->empty() && m_troubles->back()->error == line.trouble->error;
        m_troubles->push_back(again ? m_troubles->back() : line.trouble);
    }
    m_isForeign = line.foreign;
    ++m_count;
}

qint64 PollLines::lastTime() const
{
    qint64 time = m_before;
    bool isTroubled = false;
    for (Place at = m_bytes.cbegin(); at != m_bytes.cend();)
        takeLine(at, time, isTroubled);
    return time;
}

void PollLines::dropOldest()
{
    bool isTroubled = false;
    Place at = m_bytes.cbegin();
    takeLine(at, m_before, isTroubled);
    m_bytes.erase(m_bytes.cbegin(), at);
    --m_count;
    if (!isTroubled)
        return;
    m_troubles->pop_front();
    if (m_troubles->empty())
        m_troubles.reset();
}

std::vector<PollLine> PollLines::all() const
{
    std::vector<PollLine> lines;
    lines.reserve(m_count);
    qint64 time = m_before;
    std::size_t trouble = 0;
    for (Place at = m_bytes.cbegin(); at != m_bytes.cend();) {
        bool isTroubled = false;
        lines.push_back(takeLine(at, time, isTroubled));
        if (isTroubled)
            lines.back().trouble = (*m_troubles)[trouble++];
    }
    return lines;
}
