#pragma once

#include "cli/exitstatus.h"

#include <QObject>
#include <QString>

#include <memory>

class Application;
class Clock;
class ClockTimer;

/// Waits until every task has been asked for (20 s at most), makes a problem the current task and
/// saves a picture of the window, whatever it shows.
class Screenshot final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Screenshot)

public:
    /// Application and clock must outlive it.
    Screenshot(Application &application, QString file, const Clock &clock,
               QObject *parent = nullptr);
    ~Screenshot() override;

Q_SIGNALS:
    /// NotAsked: it is saved, but the server did not answer for all that it should show. `words`
    /// say what is wrong; empty with Good.
    void finished(ExitStatus status, const QString &words);

private:
    void look();
    [[nodiscard]] bool hasArrived() const;
    [[nodiscard]] bool isComplete() const;
    void settle();
    void take();

    Application &m_application;
    QString m_file;
    const Clock &m_clock;
    std::unique_ptr<ClockTimer> m_limit;
    std::unique_ptr<ClockTimer> m_next;
    bool m_settling = false;
};
