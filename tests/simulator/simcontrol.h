#pragma once

#include "httpfront.h"

class GuardianSimulator;

/// The control endpoint below /sim/, for programs that are not in this process. It asks for no
/// token: it is on loopback, and gives none away. See README.md.
class SimControl
{
public:
    explicit SimControl(GuardianSimulator &simulator)
        : m_simulator(simulator)
    {
    }

    [[nodiscard]] HttpReply answer(const HttpRequest &request);

private:
    [[nodiscard]] HttpReply startTasks(const QByteArray &body);
    [[nodiscard]] HttpReply addFault(const QByteArray &body);
    [[nodiscard]] HttpReply state() const;

    GuardianSimulator &m_simulator;
};
