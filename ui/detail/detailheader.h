#pragma once

#include "task/taskrecord.h"

#include <QWidget>

class Baselines;
class ElidedLabel;
class ProgressLine;
class QLabel;
class QToolButton;

/// Two lines over the tabs: what the task is and how it stands; then the cause, or what it does.
class DetailHeader final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailHeader)

public:
    explicit DetailHeader(QWidget *parent = nullptr);

    /// `now`: UTC.
    void setTask(const TaskRecord &record, const Baselines &baselines, const QDateTime &now);

    /// "Failed after 4 min 12 s"; "Running for 4 min 12 s · usually 12–18 min".
    [[nodiscard]] static QString standing(const TaskRecord &record, const Baselines &baselines,
                                          const QDateTime &now);
    /// "Import policy file · VM0033".
    [[nodiscard]] static QString title(const TaskRecord &record);

Q_SIGNALS:
    void openRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void showLook();

    QLabel *m_icon;
    ElidedLabel *m_title;
    QLabel *m_standing;
    ElidedLabel *m_summary;
    ProgressLine *m_progress;
    QToolButton *m_open;
    Outcome m_outcome = Outcome::Checking;
    bool m_expired = false;
};
