#pragma once

#include <memory>
#include <optional>
#include <utility>

/// An optional with the room of a pointer while it is empty: for what few of very many values have.
/// Copies are deep.
template<typename T>
class Rare
{
public:
    Rare() = default;
    Rare(std::nullopt_t /*none*/) {}
    Rare(T value)
        : m_value(std::make_unique<T>(std::move(value)))
    {
    }
    Rare(std::optional<T> value)
        : m_value(value ? std::make_unique<T>(*std::move(value)) : nullptr)
    {
    }
    Rare(const Rare &other)
        : m_value(other ? std::make_unique<T>(*other) : nullptr)
    {
    }
    Rare(Rare &&) noexcept = default;
    Rare &operator=(const Rare &other)
    {
        if (this != &other)
            *this = Rare(other);
        return *this;
    }
    Rare &operator=(Rare &&) noexcept = default;
    ~Rare() = default;

    [[nodiscard]] bool has_value() const { return m_value != nullptr; }
    explicit operator bool() const { return has_value(); }
    operator std::optional<T>() const
    {
        return m_value ? std::optional<T>(*m_value) : std::nullopt;
    }

    [[nodiscard]] T &operator*() { return *m_value; }
    [[nodiscard]] const T &operator*() const { return *m_value; }
    [[nodiscard]] T *operator->() { return m_value.get(); }
    [[nodiscard]] const T *operator->() const { return m_value.get(); }
    [[nodiscard]] T value_or(T other) const { return m_value ? *m_value : std::move(other); }
    T &emplace()
    {
        m_value = std::make_unique<T>();
        return *m_value;
    }
    void reset() { m_value.reset(); }

    friend bool operator==(const Rare &a, const Rare &b)
    {
        return a && b ? *a == *b : a.has_value() == b.has_value();
    }

private:
    std::unique_ptr<T> m_value;
};
