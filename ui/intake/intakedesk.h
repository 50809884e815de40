#pragma once

#include "task/polloutcome.h"
#include "task/taskrecord.h"
#include "window/shownserver.h"

#include <QHash>
#include <QObject>
#include <QPointer>

#include <optional>

class IntakeDialog;
class QMimeData;
class QWidget;
class TaskStore;

/// Where texts come in, from the look-up box, the clipboard, a drop or a file: decides between
/// looking up at once, showing what is in it first, and saying that nothing is. Changes nothing
/// itself.
class IntakeDesk final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntakeDesk)

public:
    /// `window` is the parent of the dialogs.
    IntakeDesk(const TaskStore &store, const Clock &clock, QWidget *window);

    void setServers(const ShownServers &servers);

    /// From the look-up box: a single ID is looked up at once (or selected, when it is watched).
    void takeTyped(const QString &text);
    /// Shows what is in the text.
    void takeText(const QString &text);
    [[nodiscard]] static bool canTake(const QMimeData &data);
    void takeMime(const QMimeData &data);
    /// The dialog with nothing in it yet.
    void openDialog();
    void openFile();

    /// The person went on to something else: a late answer to the look-up of one task is shown no
    /// more.
    void forgetLookUp();

    /// What the engine answers to lookUpWanted().
    void takeAnswer(quint64 request, const PollOutcome &outcome);

Q_SIGNALS:
    void lookUpWanted(quint64 request, const QList<TaskKey> &keys);
    void watchWanted(const QList<TaskKey> &keys);
    /// A look-up of one task: first without an answer, then with it. Its key has no server while
    /// several are asked and none has said that it knows the task.
    void lookedUp(const TaskRecord &record);
    void alreadyWatched(const TaskKey &key);
    void refused(const QString &why);

private:
    [[nodiscard]] IntakeDialog *dialog();
    void lookUp(const QList<TaskKey> &keys);
    void lookUpOne(const QList<TaskKey> &places);
    void takeOneAnswer(const TaskRecord &record);
    void offerChoice();
    void tellThatNobodyKnows(TaskRecord record);
    void takeDialogAnswer(const TaskRecord &record);

    const TaskStore &m_store;
    const Clock &m_clock;
    QWidget *m_window;
    ShownServers m_servers;
    QPointer<IntakeDialog> m_dialog;
    quint64 m_lastRequest = 0;
    quint64 m_oneRequest = 0; ///< the latest look-up of one task; older ones are not shown any more
    bool m_asksSeveral = false;       ///< servers, for that one
    QList<TaskKey> m_places;          ///< of that one, those without an answer
    QList<TaskRecord> m_answers;      ///< that came, of several servers
    bool m_isChoice = false;          ///< several know it: the answers show in the dialog
    QStringList m_silent;             ///< names of servers that could not be asked for it
    quint64 m_firstDialogRequest = 0; ///< of the open dialog
};
