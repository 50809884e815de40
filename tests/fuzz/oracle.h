#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

/// What a reply with status 200 says, told from a QJsonDocument by the plain rules of the wire, and
/// without any code of ours: slow, simple, and therefore to be believed.
struct Truth {
    enum class Kind { NotKnown, Unreadable, Task };
    enum class Phase { Waiting, Running, Completed, CompletedWithProblems, Failed };

    Kind kind = Kind::Unreadable;
    Phase phase = Phase::Waiting;
    bool documented = false;
    bool hasResult = false;
    QString taskId;
    QString action;
    std::optional<int> percent;
    std::optional<qint64> timestamp;

    [[nodiscard]] bool isFinal() const { return phase >= Phase::Completed; }
};

[[nodiscard]] Truth truthOf(const QByteArray &body);
