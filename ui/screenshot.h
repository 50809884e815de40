#pragma once

#include <QObject>
#include <QString>

#include <memory>

class Application;
class Clock;
class ClockTimer;

/// Waits until every task has been answered for (20 s at most), makes a problem the current task
/// and saves a picture of the window.
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
    /// `error` empty: saved.
    void finished(const QString &error);

private:
    void look();
    [[nodiscard]] bool hasArrived() const;
    void settle();
    void take();

    Application &m_application;
    QString m_file;
    const Clock &m_clock;
    std::unique_ptr<ClockTimer> m_limit;
    std::unique_ptr<ClockTimer> m_next;
    bool m_settling = false;
};
