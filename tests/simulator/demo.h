#pragma once

#include "guardiansimulator.h"

#include <QJsonArray>

/// A day at an operator's desk: tasks of every kind, in the middle of their lives, and a new one
/// now and then.
class Demo final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Demo)

public:
    /// Begins at once. Both must outlive it.
    Demo(GuardianSimulator &simulator, const Clock &clock, QObject *parent = nullptr);

    /// [{"taskId","label"}], in the order in which a person might have added them.
    [[nodiscard]] const QJsonArray &tasks() const { return m_tasks; }

private:
    void startAnother();

    GuardianSimulator &m_simulator;
    QJsonArray m_tasks;
    int m_later = 0;
    std::unique_ptr<ClockTimer> m_timer;
};
