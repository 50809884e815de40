#pragma once

#include <QByteArrayView>
#include <QtEndian>

#include <array>
#include <tuple>

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

/// The same for a third of the time, because four take turns instead of waiting for themselves.
/// Another number: for what is made anew where its form changes.
class QuickSum
{
public:
    explicit constexpr QuickSum(quint64 start)
        : m_sums{ContentSum(start), ContentSum(start + 1), ContentSum(start + 2),
                 ContentSum(start + 3)}
    {
    }
    void add(QByteArrayView bytes)
    {
        constexpr auto word = qsizetype(sizeof(quint64));
        constexpr auto turn = word * qsizetype(std::tuple_size_v<Sums>);
        add(quint64(bytes.size()));
        for (; bytes.size() >= turn; bytes = bytes.sliced(turn)) {
            const char *at = bytes.data();
            for (ContentSum &sum : m_sums) {
                sum.add(qFromLittleEndian<quint64>(at));
                at += word;
            }
        }
        m_sums[0].add(bytes);
    }
    void add(quint64 number) { m_sums[0].add(number); }
    [[nodiscard]] quint64 value() const
    {
        ContentSum all;
        for (const ContentSum &sum : m_sums)
            all.add(sum.value());
        return all.value();
    }

private:
    using Sums = std::array<ContentSum, 4>;
    Sums m_sums;
};
