#pragma once

#include <QByteArray>
#include <QProcess>

/// The real program on a terminal of its own, as a person's. Ended with this.
class TerminalRun
{
public:
    TerminalRun();
    ~TerminalRun();
    Q_DISABLE_COPY_MOVE(TerminalRun)

    void start(const QStringList &arguments, const QProcessEnvironment &environment);
    void type(const QByteArray &keys) const;
    /// All that the terminal showed so far.
    [[nodiscard]] const QByteArray &shown();
    /// Whether it shows what is typed.
    [[nodiscard]] bool echoes() const;
    [[nodiscard]] QProcess &process() { return m_process; }

private:
    int m_ours = -1;
    int m_theirs = -1;
    QByteArray m_shown;
    QProcess m_process;
};
