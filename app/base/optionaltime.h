#pragma once

#include <QDateTime>

#include <optional>

/// An optional time in the room of the time itself: an invalid one is none.
class OptionalTime
{
public:
    OptionalTime() = default;
    OptionalTime(std::nullopt_t /*none*/) {}
    OptionalTime(QDateTime time)
        : m_time(std::move(time))
    {
    }
    OptionalTime(const std::optional<QDateTime> &time)
        : m_time(time.value_or(QDateTime()))
    {
    }

    [[nodiscard]] bool has_value() const { return m_time.isValid(); }
    explicit operator bool() const { return has_value(); }
    operator std::optional<QDateTime>() const
    {
        return has_value() ? std::optional(m_time) : std::nullopt;
    }

    [[nodiscard]] const QDateTime &operator*() const { return m_time; }
    [[nodiscard]] const QDateTime *operator->() const { return &m_time; }
    [[nodiscard]] QDateTime value_or(const QDateTime &other) const
    {
        return has_value() ? m_time : other;
    }
    void reset() { m_time = {}; }

    friend bool operator==(const OptionalTime &a, const OptionalTime &b)
    {
        return a.has_value() == b.has_value() && (!a || a.m_time == b.m_time);
    }

private:
    QDateTime m_time;
};
