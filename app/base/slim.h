#pragma once

#include <QSharedData>
#include <QString>

/// What is mostly empty (a text, a list), in the room of a pointer. Never changed in place; copies
/// share it.
template<typename T>
class Slim
{
public:
    Slim() = default;
    Slim(const T &value) // NOLINT(google-explicit-constructor): nothing is lost or done
        : m_shared(value.isEmpty() ? nullptr : new Shared(value))
    {
    }

    [[nodiscard]] const T &get() const
    {
        static const T none;
        return m_shared ? m_shared->value : none;
    }
    operator const T &() const { return get(); } // NOLINT(google-explicit-constructor)
    [[nodiscard]] const T *operator->() const { return &get(); }
    [[nodiscard]] bool isEmpty() const { return !m_shared; }

    friend bool operator==(const Slim &a, const Slim &b)
    {
        return a.m_shared == b.m_shared || a.get() == b.get();
    }
    friend bool operator==(const Slim &a, const T &b) { return a.get() == b; }

private:
    struct Shared : QSharedData {
        explicit Shared(const T &from)
            : value(from)
        {
        }
        T value;
    };

    QExplicitlySharedDataPointer<const Shared> m_shared;
};

using SlimText = Slim<QString>;
