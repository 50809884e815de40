#pragma once

#include "account/noticememory.h"
#include "account/noticesettings.h"
#include "desktop/hookrunner.h"
#include "desktop/notificationsender.h"
#include "desktop/serverwatch.h"
#include "notice/awaitedgroups.h"
#include "notice/noticebook.h"

#include <QHash>
#include <QMap>
#include <QObject>
#include <QSet>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

class Clock;
class ClockTimer;
class TaskStore;

/// Tells the person what became of tasks and servers, once: as desktop notifications, or where
/// there are none, in the window.
///
/// The way of one: news is gathered for a while, so that many make one notification; meanwhile it
/// is marked as told in the record, and the history commits the mark; then commands are run and the
/// notification goes out. A crash in between leaves `untoldSince` on disk, and the next start lists
/// what ended since then, and of what stalled the keys; a group stays awaited on disk until it was
/// told.
class DesktopNotifier final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DesktopNotifier)

public:
    static constexpr std::chrono::seconds gathering{5};
    /// Where the history does not commit, the person is told all the same.
    static constexpr std::chrono::seconds commitLimit{3};

    /// What it asks of others. All must be set.
    struct Surroundings {
        std::function<bool(const TaskKey &)> isSeen; ///< it is on show in the focused window
        std::function<bool()> isWindowFocused;
        std::function<bool(const TaskKey &)> isKept; ///< nothing of its record is yet to be written
        std::function<QString(const ServerId &)> serverName;
        std::function<bool(const ServerId &)> serverTells; ///< its switch
    };

    /// `sender` null: there are no desktop notifications in this build. The store and the clock
    /// must outlive this.
    DesktopNotifier(TaskStore &store, Surroundings surroundings,
                    std::unique_ptr<NotificationSender> sender, const QString &stateFolder,
                    const Clock &clock, QObject *parent = nullptr);
    ~DesktopNotifier() override;

    void setSettings(const NoticeSettings &settings);
    /// All tasks of the earlier runs are in the store: says what ended and was not told.
    void takeHistory();

    [[nodiscard]] bool isPaused() const;
    [[nodiscard]] const QDateTime &pausedUntil() const { return m_memory.pausedUntil; }

public Q_SLOTS:
    void takeAdded(const QList<TaskKey> &keys);
    void takeChanges(const QList<TaskKey> &keys);
    /// Asked again, with nothing new but the time.
    void takeChecked(const QList<TaskKey> &keys);
    void takeRemoved(const QList<TaskKey> &keys);
    void takeConnection(const ServerId &server, const ConnectionStatus &status);
    /// Nothing more is told of it.
    void forgetServer(const ServerId &server);
    /// The history has committed something, or cannot.
    void takeCommit();

    void pauseForAnHour();
    /// Until 8 in the morning, local time.
    void pauseUntilTomorrow();
    /// A summary of what came meanwhile follows.
    void resume();
    /// Tells once when all of them have finished. False if they have already.
    bool await(const QList<TaskKey> &keys);
    /// Ends with triedOut().
    void tryOut();

Q_SIGNALS:
    /// To be said in the window: the desktop cannot say it.
    void windowNews(const Notification &notification);
    /// A click. `task` is empty where it is about servers alone.
    void openWanted(const TaskKey &task, const QString &activationToken);
    void guardianWanted(const TaskKey &task);
    void errorCopyWanted(const TaskKey &task);
    void pauseChanged();
    void triedOut(const QString &words);

private:
    void look(const TaskKey &key);
    /// To those that an earlier run told something of.
    void passAnswersOn(const QList<TaskKey> &keys);
    void tell(NoticeKind kind, const TaskRecord &record);
    void tellOfServer(NoticeKind kind, const ServerId &server, bool isOver);
    [[nodiscard]] TaskNotice noticeOf(NoticeKind kind, const TaskRecord &record) const;
    /// Neither the task nor its server is muted.
    [[nodiscard]] bool mayTell(const TaskRecord &record) const;
    [[nodiscard]] bool isSlow(const TaskRecord &record) const;
    /// What is slow already is no news.
    void passOverSlow();
    /// It is told with what it is awaited with; a failure does not wait for the others.
    [[nodiscard]] bool waitsForGroup(NoticeKind kind, const TaskKey &key) const;
    /// In the window: what an earlier run marked and did not tell.
    void tellUntold();
    /// Nothing more will happen to it.
    [[nodiscard]] bool isOver(const TaskKey &key) const;
    void schedule();
    void writeMarks();
    void finishGroups();
    void release();
    void deliver();
    void runHooks();
    void sendHeld(const QString &remark);
    void pauseUntil(const QDateTime &until);
    void watchPause();
    /// Where it differs from what is on disk.
    void saveMemory();
    void takeChoice(const Notification &notification, NotificationSender::Action action,
                    const QString &activationToken);

    TaskStore &m_store;
    Surroundings m_surroundings;
    std::unique_ptr<NotificationSender> m_sender;
    NoticeMemoryFile m_memoryFile;
    const Clock &m_clock;
    HookRunner *m_hooks;
    NoticeSettings m_settings;
    bool m_wantsSlow = false;
    bool m_isReady = false;    ///< the tasks of earlier runs are in the store
    QSet<TaskKey> m_toldEarly; ///< before that
    NoticeMemory m_memory;
    NoticeMemory m_saved;
    QHash<TaskKey, TaskSight> m_sights;
    ServerWatch *m_servers;
    AwaitedGroups m_awaited;

    QHash<TaskKey, std::optional<Outcome>> m_marks; ///< to be written
    QSet<TaskKey> m_uncommitted;                    ///< written, maybe not on disk
    NoticeBook m_book;                              ///< gathered
    QList<Notification> m_groupsDone;
    QList<std::pair<NoticeKind, HookRunner::Facts>> m_hooksDue;
    NoticeBook m_held; ///< while paused
    QList<Notification> m_heldGroups;

    std::unique_ptr<ClockTimer> m_markTimer;
    std::unique_ptr<ClockTimer> m_gatherTimer;
    std::unique_ptr<ClockTimer> m_commitTimer; ///< runs while a release waits for the commit
    std::unique_ptr<ClockTimer> m_pauseTimer;
};
