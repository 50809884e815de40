#pragma once

#include "task/taskrecord.h"

#include <QWidget>

class FactsView;
class JsonPane;
class QLabel;
class QStackedWidget;
class SecretGate;

/// Why a task failed: the step, code and message, and whatever else the server said about it.
class ErrorPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ErrorPage)

public:
    explicit ErrorPage(SecretGate &gate, QWidget *parent = nullptr);

    /// Whether the gate is needed for the details of its error.
    [[nodiscard]] static bool holdsSecret(const TaskRecord &record);
    /// `rewind`: of another task.
    /// `isSecret`: something that the server said of the task is to be masked.
    void setTask(const TaskRecord &record, bool isSecret, bool rewind);
    /// All of it as plain text; secrets only while the gate is open.
    void copy();
    [[nodiscard]] FactsView &facts() const { return *m_facts; }
    [[nodiscard]] JsonPane &pane() const { return *m_pane; }

private:
    [[nodiscard]] QString report() const;

    SecretGate &m_gate;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    FactsView *m_facts;
    JsonPane *m_pane;
    std::optional<TaskError> m_error;
    SecretRule m_rule = SecretRule::ByName;
};
