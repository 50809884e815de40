#pragma once

#include <QHashFunctions>
#include <QString>
#include <QUuid>

#include <compare>

/// A server's name for a task: opaque text, compared exactly. Guardian makes UUIDv4, its manual
/// shows ObjectIds; nothing is rejected for its form.
class TaskId
{
public:
    TaskId() = default;
    explicit TaskId(QString text)
        : m_text(std::move(text))
    {
    }

    [[nodiscard]] const QString &text() const { return m_text; }
    [[nodiscard]] bool isEmpty() const { return m_text.isEmpty(); }

    friend bool operator==(const TaskId &, const TaskId &) = default;
    friend std::strong_ordering operator<=>(const TaskId &a, const TaskId &b)
    {
        return QString::compare(a.m_text, b.m_text) <=> 0;
    }
    friend size_t qHash(const TaskId &id, size_t seed = 0) { return qHash(id.m_text, seed); }

private:
    QString m_text;
};

/// Names a server profile for as long as it exists, whatever its address or name becomes. Also the
/// key of its secrets in the keychain.
class ServerId
{
public:
    ServerId() = default;
    explicit ServerId(QUuid uuid)
        : m_uuid(uuid)
    {
    }
    [[nodiscard]] static ServerId create() { return ServerId{QUuid::createUuid()}; }

    [[nodiscard]] QUuid uuid() const { return m_uuid; }
    [[nodiscard]] bool isNull() const { return m_uuid.isNull(); }
    /// Lower-case, without braces.
    [[nodiscard]] QString text() const { return m_uuid.toString(QUuid::WithoutBraces); }

    friend bool operator==(const ServerId &, const ServerId &) = default;
    friend size_t qHash(const ServerId &id, size_t seed = 0) { return qHash(id.m_uuid, seed); }

private:
    QUuid m_uuid;
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
