#pragma once

#include "fault.h"
#include "httpfront.h"
#include "simaccounts.h"
#include "simpush.h"
#include "simtasks.h"

#include <QObject>
#include <QUrl>

struct SimOptions {
    SimDialect dialect = SimDialect::Deployed;
    /// Where the API is; "" is the root of the site, as the manual shows it.
    QStringList apiPaths = {QStringLiteral("/api/v1")};
    std::optional<QSslConfiguration> tls = {}; ///< with certificate and key: https and wss
    quint32 seed = 1;                          ///< equal seeds give equal task IDs
};

/// One request as it was answered.
struct SimRequest {
    std::chrono::milliseconds at{0}; ///< awake time of the simulator's clock
    QByteArray method;
    QString path;   ///< percent-encoded as it came, without query
    QString taskId; ///< of GET tasks/ID, decoded
    QByteArray token;
    int status = 0; ///< 0: never answered
};

/// A Guardian server as operators meet it, on 127.0.0.1 only, in this process and thread: scripted
/// tasks, sign-in, push, and everything that goes wrong between. All time comes from the clock, so
/// a test can drive it.
class GuardianSimulator final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GuardianSimulator)

public:
    /// `clock` must outlive it.
    explicit GuardianSimulator(const Clock &clock, SimOptions options = {},
                               QObject *parent = nullptr);
    ~GuardianSimulator() override;

    /// False if the port is taken. 0: any free one.
    [[nodiscard]] bool listen(quint16 port = 0);
    /// Refuses connections and cuts those that are open, as a host that went down. Tasks live on.
    void goDown();
    /// Listens again on the same port.
    [[nodiscard]] bool comeBack() { return listen(m_port); }
    /// The gateway restarts: every task is forgotten, connections are cut.
    void restart();

    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] QUrl siteUrl() const; ///< e.g. http://127.0.0.1:3000
    [[nodiscard]] QUrl apiRoot() const; ///< below the first of the API paths, no slash at the end
    [[nodiscard]] QUrl pushUrl() const; ///< ws://127.0.0.1:3000/ws/

    TaskId start(Script script, const StartOptions &options = {});
    TaskId start(const TaskPlan &plan, const StartOptions &options = {});
    /// `count` tasks that share one plan.
    QList<TaskId> startMany(int count, const TaskPlan &plan, const StartOptions &options = {});
    /// `count` tasks of these kinds in turn, each a little longer than the one before.
    QList<TaskId> startMany(int count,
                            const std::vector<Script> &scripts = {Script::Normal, Script::Nested});
    [[nodiscard]] SimTruth truth(const TaskId &id) const;
    [[nodiscard]] const SimTasks &tasks() const { return m_tasks; }
    [[nodiscard]] SimDialect dialect() const { return m_options.dialect; }
    void setDialect(SimDialect dialect) { m_options.dialect = dialect; }

    /// Faults hit requests below the API root (not the control endpoint), first set, first hit.
    void addFault(const Fault &fault) { m_faults.add(fault); }
    void clearFaults() { m_faults.clear(); }
    [[nodiscard]] const QMap<QString, int> &faultHits() const { return m_faults.hits(); }

    [[nodiscard]] SimAccounts &accounts() { return m_accounts; }
    [[nodiscard]] SimPush &push() { return m_push; }
    [[nodiscard]] HttpFront &front() { return m_front; }

    /// Every request below the API root since the last clearLog().
    [[nodiscard]] const std::vector<SimRequest> &log() const { return m_log; }
    void clearLog() { m_log.clear(); }
    [[nodiscard]] int requests() const { return int(m_log.size()); }
    [[nodiscard]] int requestsOf(const TaskId &id) const;
    [[nodiscard]] int requestsTo(QStringView partOfPath) const;
    [[nodiscard]] int requestsWith(const QByteArray &token) const;
    [[nodiscard]] int connections() const { return m_front.connections(); }
    /// The most requests that ever waited for their answer together: in all, or of one task.
    [[nodiscard]] int mostInFlight() const { return m_mostInFlight; }
    [[nodiscard]] int mostInFlightOfOneTask() const { return m_mostInFlightOfOne; }

private:
    [[nodiscard]] HttpAnswer answer(const HttpRequest &request);
    [[nodiscard]] HttpAnswer answerApi(const HttpRequest &request, const QString &path);
    [[nodiscard]] HttpReply route(const HttpRequest &request, const QString &path,
                                  const QString &taskId);
    [[nodiscard]] HttpReply taskOf(const QString &taskId, const SimAccounts::User &user) const;
    [[nodiscard]] HttpReply startedBy(const QString &path, const SimAccounts::User &user);
    [[nodiscard]] StartOptions owned(StartOptions options) const;
    [[nodiscard]] std::function<void()> enter(const QString &taskId);
    void acceptPush();

    const Clock &m_clock;
    SimOptions m_options;
    SimAccounts m_accounts;
    SimTasks m_tasks;
    SimPush m_push;
    FaultList m_faults;
    std::vector<SimRequest> m_log;
    QHash<QString, int> m_inFlightByTask;
    int m_inFlight = 0;
    int m_mostInFlight = 0;
    int m_mostInFlightOfOne = 0;
    quint16 m_port = 0;
    HttpFront m_front; ///< last, so that its sockets end before what they speak of
};
