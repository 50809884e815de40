#pragma once

#include "account/serverprofile.h"

#include <QObject>

#include <functional>

class Clock;
class DesktopNotifier;
class HistoryStore;
class MainWindow;
class TaskStore;
struct TaskKey;

/// Puts the notifier to work: what it learns, where it speaks, and what follows from a click.
class NoticeDesk final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NoticeDesk)

public:
    /// Null if there is none of that id.
    using FindServer = std::function<const ServerProfile *(const ServerId &)>;

    /// All must outlive it.
    NoticeDesk(TaskStore &tasks, HistoryStore &history, MainWindow &window,
               const FindServer &findServer, const QString &stateFolder, const Clock &clock,
               QObject *parent = nullptr);

    [[nodiscard]] DesktopNotifier &notifier() { return *m_notifier; }

private:
    void connectStores(HistoryStore &history);
    void connectActions();
    void connectClicks();
    void awaitSelection();
    void showPause();
    void open(const TaskKey &task, const QString &activationToken);
    void copyError(const TaskKey &task);

    TaskStore &m_tasks;
    MainWindow &m_window;
    DesktopNotifier *m_notifier;
};
