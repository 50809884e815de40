#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QUrl>

/// guardian-sim as a process of its own, so that its CPU time is not ours. Ends with this object.
class SimulatorProcess
{
public:
    enum class Packing { On, Off }; ///< gzip: off, unpacking is Qt's cost on every side alike
    /// With `count` running tasks that stand still between their steps. isRunning() says whether it
    /// worked.
    SimulatorProcess(const QString &program, int count, Packing packing = Packing::Off);
    ~SimulatorProcess();
    /// As if it ran on another machine: what is measured on this one comes first.
    void giveWay();
    Q_DISABLE_COPY_MOVE(SimulatorProcess)

    [[nodiscard]] bool isRunning() const { return m_apiRoot.isValid() && !m_tasks.isEmpty(); }
    [[nodiscard]] const QUrl &apiRoot() const { return m_apiRoot; }
    [[nodiscard]] const QByteArray &token() const { return m_token; }
    [[nodiscard]] const QStringList &tasks() const { return m_tasks; }
    /// Starts others: an order as the simulator's POST /sim/tasks takes it. Their IDs.
    [[nodiscard]] QStringList start(const QJsonObject &order) const;
    /// Connections that were opened so far; -1: it did not say.
    [[nodiscard]] int connections() const;

private:
    QProcess m_process;
    QUrl m_site;
    QUrl m_apiRoot;
    QByteArray m_token;
    QStringList m_tasks;
};
