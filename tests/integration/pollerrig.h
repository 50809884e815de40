#pragma once

#include "guardian/parsetaskreply.h"
#include "guardian/taskpoller.h"
#include "guardianscript.h"
#include "manualclock.h"
#include "passingtime.h"

#include <QRandomGenerator>
#include <QSignalSpy>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

inline constexpr std::chrono::milliseconds pollerRigBegin =
    std::chrono::hours{1}; ///< of the manual clock

/// A TaskPoller with all that it needs, and a peer whose answers a test decides.
struct PollerRig {
    explicit PollerRig(PollManners manners = {}, bool signedIn = true)
        : peer([this](const ScriptedPeer::Request &request, QTcpSocket &socket) {
            asked.append({GuardianScript::taskOf(request), clock.now().awake - pollerRigBegin});
            tokens.append(request.headers.value("authorization"));
            if (const QByteArray bytes = answer(GuardianScript::taskOf(request)); !bytes.isEmpty())
                socket.write(bytes);
        })
        , client(ApiRoot(peer.url()), {}, clock)
        , poller(
              server, client, session, clock,
              [this](const ReplyData &reply) {
                  ++parsed;
                  return parseTaskReply(reply);
              },
              [this] { return random.generateDouble(); }, manners)
        , answered(&poller, &TaskPoller::answered)
        , statuses(&poller, &TaskPoller::connectionChanged)
    {
        QObject::connect(&poller, &TaskPoller::answered, &poller,
                         [this](const PollOutcome &outcome) { outcomes.append(outcome); });
        QObject::connect(&poller, &TaskPoller::lookedUp, &poller,
                         [this](quint64 request, const PollOutcome &outcome) {
                             found.append({request, outcome});
                         });
        if (signedIn)
            session.setCredentials({{}, Secret("token-1"), {}});
    }

    [[nodiscard]] PollWish wish(const QString &task) const
    {
        PollWish made;
        made.key = {server, TaskId(task)};
        return made;
    }
    void watch(int count)
    {
        for (int i = 0; i < count; ++i)
            poller.apply(wish(QString::number(i)));
    }
    [[nodiscard]] QList<qint64> timesOf(const QByteArray &task) const
    {
        QList<qint64> times;
        for (const auto &each : asked)
            if (each.first == task)
                times.append(each.second.count());
        return times;
    }
    /// All answers that are on their way arrive.
    void settle() const
    {
        (void)PassingTime::settle([this] { return client.inFlight() > 0; });
    }
    /// Lets time pass, from one event to the next.
    void run(std::chrono::milliseconds span)
    {
        PassingTime::run(clock, span, [this] { return client.inFlight() > 0; });
    }
    [[nodiscard]] Connection state() const { return poller.status().state; }

    ServerId server = ServerId::create();
    ManualClock clock;
    QList<std::pair<QByteArray, std::chrono::milliseconds>> asked;
    QList<QByteArray> tokens;
    std::function<QByteArray(const QByteArray &)> answer = [](const QByteArray &) {
        return ScriptedPeer::json(GuardianScript::running(1));
    };
    QRandomGenerator random{42};
    int parsed = 0;
    ScriptedPeer peer;
    GuardianClient client;
    Session session{client, clock};
    TaskPoller poller;
    QList<PollOutcome> outcomes;
    QList<std::pair<quint64, PollOutcome>> found;
    QSignalSpy answered;
    QSignalSpy statuses;
};

inline std::optional<PollError::Kind> errorOf(const PollOutcome &outcome)
{
    return outcome.answer ? std::nullopt : std::optional(outcome.answer.error().kind);
}
inline const TaskSnapshot *snapshotOf(const PollOutcome &outcome)
{
    const auto *shared = outcome.answer
                             ? std::get_if<std::shared_ptr<const TaskSnapshot>>(&*outcome.answer)
                             : nullptr;
    return shared ? shared->get() : nullptr;
}
/// The most requests within any second.
inline qsizetype densest(const PollerRig &rig)
{
    qsizetype most = 0;
    qsizetype first = 0;
    for (qsizetype last = 0; last < rig.asked.size(); ++last) {
        while (rig.asked.at(first).second <= rig.asked.at(last).second - std::chrono::seconds{1})
            ++first;
        most = std::max(most, last - first + 1);
    }
    return most;
}
