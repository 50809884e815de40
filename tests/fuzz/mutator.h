#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QJsonValue>
#include <QRandomGenerator>

/// Makes broken and odd replies out of good ones; the same ones for the same seed.
class Mutator
{
public:
    explicit Mutator(quint32 seed)
        : m_random(seed)
    {
    }

    /// One of `bodies` with some bytes changed, moved, lost or added.
    [[nodiscard]] QByteArray mutateBytes(const QByteArrayList &bodies);
    /// One of `bodies` with some members or items of its tree changed, renamed, moved or lost; as
    /// it is if it is no JSON.
    [[nodiscard]] QByteArray mutateTree(const QByteArrayList &bodies);

private:
    [[nodiscard]] int below(qsizetype end) { return m_random.bounded(static_cast<int>(end)); }
    [[nodiscard]] const QByteArray &pick(const QByteArrayList &list)
    {
        return list.at(below(list.size()));
    }
    void changeWord(QByteArray &body, int from);
    [[nodiscard]] QJsonValue mutated(const QJsonValue &value, int depth);
    [[nodiscard]] QJsonValue oddValue(const QJsonValue &old);

    QRandomGenerator m_random;
};
