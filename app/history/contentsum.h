#pragma once

#include <QByteArrayView>
#include <QtEndian>

/// Tells damage and change of what is kept; no defence against who writes a file of his own.
class ContentSum
{
public:
    explicit constexpr ContentSum(quint64 start = 0)
        : m_value(start)
    {
    }
    void add(QByteArrayView bytes)
    {
        constexpr qsizetype word = qsizetype(sizeof(quint64));
        add(quint64(bytes.size()));
        const char *at = bytes.data();
        const char *const end = at + bytes.size();
        for (; end - at >= word; at += word)
            add(qFromLittleEndian<quint64>(at));
        quint64 rest = 0;
        for (; at != end; ++at)
            rest = rest << 8U | quint8(*at);
        add(rest);
    }
    void add(quint64 word)
    {
        m_value = (m_value ^ word) * 0x9e3779b97f4a7c15U;
        m_value ^= m_value >> 29U;
    }
    [[nodiscard]] quint64 value() const { return m_value; }

private:
    quint64 m_value;
};
