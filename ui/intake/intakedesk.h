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

    void setServer(const std::optional<ShownServer> &server) { m_server = server; }

    /// From the look-up box: a single ID is looked up at once (or selected, when it is watched).
    void takeTyped(const QString &text);
    /// Shows what is in the text.
    void takeText(const QString &text);
    [[nodiscard]] static bool canTake(const QMimeData &data);
    void takeMime(const QMimeData &data);
    /// The dialog with nothing in it yet.
    void openDialog();
    void openFile();

    /// What the engine answers to lookUpWanted().
    void takeAnswer(quint64 request, const PollOutcome &outcome);

Q_SIGNALS:
    void lookUpWanted(quint64 request, const QList<TaskKey> &keys);
    void watchWanted(const QList<TaskKey> &keys);
    /// A look-up of one task: first without an answer, then with it.
    void lookedUp(const TaskRecord &record);
    void alreadyWatched(const TaskKey &key);
    void refused(const QString &why);

private:
    [[nodiscard]] IntakeDialog *dialog();
    [[nodiscard]] QList<TaskKey> keysOf(const QList<TaskId> &ids) const;
    void lookUp(const QList<TaskId> &ids);
    void lookUpOne(const TaskId &id);

    const TaskStore &m_store;
    const Clock &m_clock;
    QWidget *m_window;
    std::optional<ShownServer> m_server;
    QPointer<IntakeDialog> m_dialog;
    quint64 m_lastRequest = 0;
    quint64 m_oneRequest = 0; ///< the latest look-up of one task; older ones are not shown any more
    quint64 m_dialogRequest = 0; ///< the latest look-up of the open dialog
};
