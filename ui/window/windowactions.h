#pragma once

#include "account/settings.h"

#include <QKeySequence>
#include <QList>
#include <QObject>

class QAction;
class QPalette;
class QWidget;

/// All actions of the window with words, keys and icons; what they do is connected by others. They
/// belong to the window, so that their keys work wherever the focus is (text fields keep their
/// own).
class WindowActions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WindowActions)

public:
    explicit WindowActions(QWidget *window);

    QAction *watch;
    QAction *lookUp;
    QAction *paste;
    QAction *openFile;
    QAction *filter;
    QAction *clearFilter;
    QAction *refresh;
    QAction *refreshAll;
    QAction *showDetails;
    QList<QAction *> tabs; ///< Alt+1…6
    QAction *nextProblem;
    QAction *previousProblem;
    QAction *copyIds;
    QAction *copyReport;
    QAction *exportTasks;
    QAction *importTasks;
    QAction *openInGuardian;
    QAction *editLabel;
    QAction *pause;
    QAction *resume;
    QAction *mute; ///< or no longer, if all selected are
    QAction *tellWhenFinished;
    QAction *pauseNoticesForAnHour;
    QAction *pauseNoticesUntilTomorrow;
    QAction *resumeNotices;
    QAction *unwatch;
    QAction *acknowledge;
    QAction *pin;
    QAction *editNote;
    QAction *clearFinished;
    QAction *saveFilter;
    QAction *undo;
    QAction *redo;
    QAction *hold;
    QAction *sideList;
    QAction *detailAutomatic;
    QAction *detailBelow;
    QAction *detailBeside;
    QAction *menu;
    QAction *servers;
    QAction *settings;
    QAction *commands;
    QAction *keys;
    QAction *about;
    QAction *quit;

    /// In the order of the overview of keys.
    [[nodiscard]] const QList<QAction *> &all() const { return m_all; }
    /// Keys that mean something else in other widgets (Delete, Enter, Ctrl+C) work in the table
    /// only.
    void attachToTable(QWidget &table);
    void setDetailPlace(Settings::DetailPlacement place);
    void refreshIcons(const QPalette &palette);
    /// Those that need a selected task.
    void setHasSelection(bool hasSelection);
    /// Those that need a server.
    void setHasServer(bool hasServer);

private:
    QAction *add(const QString &text, const QList<QKeySequence> &shortcuts = {},
                 const QString &icon = {});

    QWidget *m_window;
    QList<QAction *> m_all;
};
