#pragma once

#include "task/taskrecord.h"

#include <QWidget>

class JsonPane;
class SecretGate;

/// The result of a task, whatever its type and size.
class ResultPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ResultPage)

public:
    explicit ResultPage(SecretGate &gate, QWidget *parent = nullptr);

    /// `rewind`: of another task.
    void setTask(const TaskRecord &record, bool rewind);
    [[nodiscard]] JsonPane &pane() const { return *m_pane; }

private:
    JsonPane *m_pane;
};
