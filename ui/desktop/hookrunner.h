#pragma once

#include <QList>
#include <QMap>
#include <QObject>
#include <QString>

#include <chrono>
#include <memory>

class Clock;
class ClockTimer;
class QProcess;

/// Runs the operator's own commands, without a shell: few at once, each for a limited time, each in
/// a process group of its own that ends with it. What they print goes to the log.
///
/// When the program ends, what runs ends with it, and what waits can be left to itself: detach().
///
/// A command sees our environment without our own variables, and the facts.
class HookRunner final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HookRunner)

public:
    static constexpr std::chrono::seconds limit{30};
    static constexpr std::chrono::seconds grace{2}; ///< from the request to end to the end
    static constexpr qsizetype mostAtOnce = 4;
    static constexpr qsizetype mostWaiting = 10'000;
    static constexpr qsizetype mostOutput = 4'096; ///< bytes that are logged of one run
    static constexpr int mostDetached = 16;

    using Facts = QMap<QString, QString>;

    /// The clock must outlive this.
    explicit HookRunner(const Clock &clock, QObject *parent = nullptr);
    /// Ends what runs.
    ~HookRunner() override;

    /// `command` is split as a command line is, with quotes; `facts`: names and values of
    /// environment variables.
    void run(const QString &command, const Facts &facts);
    /// Starts what waits, and from now on all that is to be run, at once and without us. Each has
    /// its time still: coreutils' `timeout` ends it then. What it prints is lost.
    void detach();
    [[nodiscard]] qsizetype running() const { return m_runs.size(); }

Q_SIGNALS:
    /// One ended; `words` say how: "exit status 0", "ended after 30 s", "could not be started".
    void finished(const QString &program, const QString &words, const QByteArray &output);

private:
    struct Job {
        QString command;
        Facts facts;
    };
    struct Run;

    void startNext();
    void start(const Job &job);
    void startDetached(const Job &job);
    void readOutput(Run &run);
    void askToEnd(Run &run);
    void end(QProcess *process, const QString &words);

    const Clock &m_clock;
    QList<Job> m_waiting;
    QList<std::shared_ptr<Run>> m_runs;
    bool m_isDetached = false;
    int m_detached = 0;
};
