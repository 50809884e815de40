#pragma once

#include "task/taskrecord.h"

#include <QWidget>

/// How far a running task is, and where a usual one would be by now. Hidden when it does not run.
class ProgressLine final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProgressLine)

public:
    explicit ProgressLine(QWidget *parent = nullptr);

    /// `usualMark`: 0..1.
    void setProgress(Outcome outcome, std::optional<int> percent, std::optional<double> usualMark);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Outcome m_outcome = Outcome::Checking;
    std::optional<int> m_percent;
    std::optional<double> m_usualMark;
};
