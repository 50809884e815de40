#pragma once

#include <QByteArray>
#include <QStringList>

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
    /// In the order of the tree, each as "depth state name" with the state's place in StepState.
    QStringList steps;
    QString currentStep;
    bool hasError = false;
    std::optional<QString> errorMessage; ///< absent: of a shape that has no plain one
    std::optional<qint64> startedAt;     ///< ms since 1970
    std::optional<qint64> finishedAt;

    [[nodiscard]] bool isFinal() const { return phase >= Phase::Completed; }
};

[[nodiscard]] Truth truthOf(const QByteArray &body);
