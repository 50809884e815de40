#pragma once

#include <QHashFunctions>
#include <QSharedData>
#include <QString>
#include <QUuid>

#include <compare>

/// A server's name for a task: opaque text, compared exactly. Guardian makes UUIDv4, its manual
/// shows ObjectIds; nothing is rejected for its form.
///
/// Copies share the text, in the room of a pointer: a tracked task is a key in a dozen places.
class TaskId
{
public:
    TaskId() = default;
    explicit TaskId(const QString &text)
        : m_shared(text.isEmpty() ? nullptr : new Shared(text))
    {
    }

    [[nodiscard]] const QString &text() const
    {
        static const QString none;
        return m_shared ? m_shared->text : none;
    }
    [[nodiscard]] bool isEmpty() const { return !m_shared; }

    friend bool operator==(const TaskId &a, const TaskId &b)
    {
        return a.m_shared == b.m_shared || (a.hash() == b.hash() && a.text() == b.text());
    }
    friend std::strong_ordering operator<=>(const TaskId &a, const TaskId &b)
    {
        return QString::compare(a.text(), b.text()) <=> 0;
    }
    friend size_t qHash(const TaskId &id, size_t seed = 0) { return qHash(id.hash(), seed); }

private:
    struct Shared : QSharedData {
        explicit Shared(const QString &from)
            : text(from)
            , hash(qHash(from, QHashSeed::globalSeed()))
        {
        }
        QString text;
        size_t hash;
    };

    [[nodiscard]] size_t hash() const { return m_shared ? m_shared->hash : 0; }

    QExplicitlySharedDataPointer<const Shared> m_shared;
};

/// Names a server profile for as long as it exists, whatever its address or name becomes. Also the
/// key of its secrets in the keychain.
///
/// In the room of a pointer: there are few servers, and tens of thousands of keys with one.
class ServerId
{
public:
    ServerId() = default;
    explicit ServerId(QUuid uuid)
        : m_uuid(uuid.isNull() ? nullptr : lasting(uuid))
    {
    }
    [[nodiscard]] static ServerId create() { return ServerId{QUuid::createUuid()}; }

    [[nodiscard]] QUuid uuid() const { return m_uuid ? *m_uuid : QUuid(); }
    [[nodiscard]] bool isNull() const { return !m_uuid; }
    /// Lower-case, without braces.
    [[nodiscard]] QString text() const { return uuid().toString(QUuid::WithoutBraces); }

    friend bool operator==(const ServerId &, const ServerId &) = default;
    friend size_t qHash(const ServerId &id, size_t seed = 0) { return qHash(id.m_uuid, seed); }

private:
    /// The one of all that are equal; stays until the program ends. From any thread.
    [[nodiscard]] static const QUuid *lasting(QUuid uuid);

    const QUuid *m_uuid = nullptr;
};

/// A task of a server: the same ID on two servers is two tasks.
struct TaskKey {
    ServerId server;
    TaskId task;

    friend bool operator==(const TaskKey &, const TaskKey &) = default;
    friend size_t qHash(const TaskKey &key, size_t seed = 0)
    {
        return qHashMulti(seed, key.server, key.task);
    }
};
