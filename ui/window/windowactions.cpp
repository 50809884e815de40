#include "window/windowactions.h"

#include "statelook.h"

#include <QAction>
#include <QActionGroup>
#include <QWidget>

using namespace Qt::StringLiterals;

WindowActions::WindowActions(QWidget *window)
    : QObject(window)
    , m_window(window)
{
    watch = add(tr("&Watch Tasks…"), {QKeySequence(u"Ctrl+N"_s)}, u"watch"_s);
    lookUp = add(tr("&Look Up"), {QKeySequence(u"Ctrl+L"_s)}, u"lookup"_s);
    paste = add(tr("&Paste IDs"), {QKeySequence(u"Ctrl+V"_s)});
    openFile = add(tr("Open &File With IDs…"));
    filter = add(tr("&Filter"), {QKeySequence(u"Ctrl+F"_s)}, u"filter"_s);
    clearFilter = add(tr("&Clear Filter"), {QKeySequence(u"Esc"_s)});
    refresh = add(tr("&Refresh"), {QKeySequence(u"F5"_s)}, u"refresh"_s);
    refreshAll = add(tr("Refresh &All"), {QKeySequence(u"Shift+F5"_s)});
    showDetails = add(tr("Show &Details"), {QKeySequence(u"Return"_s), QKeySequence(u"Enter"_s)});
    const QStringList tabNames{tr("Overview"), tr("Steps"), tr("Result"),
                               tr("Error"),    tr("Raw"),   tr("Log")};
    for (int i = 0; i < tabNames.size(); ++i)
        tabs << add(tr("Show %1", "a tab of the details").arg(tabNames.at(i)),
                    {QKeySequence(u"Alt+%1"_s.arg(i + 1))});
    nextProblem = add(tr("&Next Problem"), {QKeySequence(u"F8"_s)});
    previousProblem = add(tr("Previous Pro&blem"), {QKeySequence(u"Shift+F8"_s)});
    copyIds = add(tr("&Copy IDs"), {QKeySequence(u"Ctrl+C"_s)}, u"copy"_s);
    copyReport = add(tr("Copy R&eport"), {QKeySequence(u"Ctrl+Shift+C"_s)});
    exportTasks = add(tr("E&xport…"), {QKeySequence(u"Ctrl+E"_s)});
    importTasks = add(tr("&Import…"));
    openInGuardian = add(tr("&Open in Guardian"), {QKeySequence(u"Ctrl+O"_s)}, u"open-external"_s);
    editLabel = add(tr("Edit &Label"), {QKeySequence(u"F2"_s)});
    pause = add(tr("Pa&use"), {}, u"pause"_s);
    resume = add(tr("Resu&me"), {}, u"resume"_s);
    mute = add(tr("&Mute Notifications"), {QKeySequence(u"Ctrl+M"_s)}, u"mute"_s);
    tellWhenFinished = add(tr("&Tell Me When Finished"), {}, u"bell"_s);
    pauseNoticesForAnHour = add(tr("Pause for 1 &Hour"));
    pauseNoticesUntilTomorrow = add(tr("Pause Until &Tomorrow"));
    resumeNotices = add(tr("&Resume"));
    unwatch = add(tr("&Stop Watching"), {QKeySequence(u"Del"_s)}, u"remove"_s);
    acknowledge = add(tr("Ac&knowledge"), {QKeySequence(u"Space"_s)});
    acknowledge->setToolTip(tr("Takes it out of Needs attention until something new is wrong"));
    pin = add(tr("P&in"), {QKeySequence(u"Ctrl+I"_s)});
    pin->setToolTip(tr("Keeps the task, whatever its age"));
    editNote = add(tr("&Note and Tags…"), {QKeySequence(u"Ctrl+T"_s)});
    clearFinished = add(tr("C&lear Finished"), {QKeySequence(u"Ctrl+Shift+Del"_s)});
    saveFilter = add(tr("&Save Filter…"), {QKeySequence(u"Ctrl+S"_s)});
    undo = add(tr("&Undo"), {QKeySequence(u"Ctrl+Z"_s)}, u"undo"_s);
    redo = add(tr("R&edo"), {QKeySequence(u"Ctrl+Shift+Z"_s)});
    hold = add(tr("&Hold the View"), {QKeySequence(u"Ctrl+P"_s)});
    hold->setCheckable(true);
    hold->setToolTip(tr("Hold the view: rows keep their places, values go on"));
    sideList = add(tr("&Side List"), {QKeySequence(u"F9"_s)});
    sideList->setCheckable(true);
    sideList->setChecked(true);
    auto *places = new QActionGroup(this);
    detailAutomatic = add(tr("&Where There Is Room"));
    detailBelow = add(tr("&Below the Table"));
    detailBeside = add(tr("Be&side the Table"));
    for (QAction *place : {detailAutomatic, detailBelow, detailBeside}) {
        place->setCheckable(true);
        places->addAction(place);
    }
    detailAutomatic->setChecked(true);
    menu = add(tr("Menu"), {QKeySequence(u"F10"_s)}, u"menu"_s);
    servers = add(tr("&Servers…"), {}, u"sign-in"_s);
    settings = add(tr("Se&ttings…"), {QKeySequence(u"Ctrl+,"_s)}, u"settings"_s);
    commands = add(tr("&Commands…"), {QKeySequence(u"Ctrl+K"_s)});
    keys = add(tr("&Keys"), {QKeySequence(u"F1"_s)});
    about = add(tr("&About Taskwatch"), {}, u"info"_s);
    quit = add(tr("&Quit"), {QKeySequence(u"Ctrl+Q"_s)});
    quit->setMenuRole(QAction::QuitRole);
    refreshIcons(window->palette());
    setHasSelection(false);
    setHasServer(false);
}

QAction *WindowActions::add(const QString &text, const QList<QKeySequence> &shortcuts,
                            const QString &icon)
{
    auto *action = new QAction(text, m_window);
    action->setShortcuts(shortcuts);
    action->setProperty("symbol", icon);
    m_window->addAction(action);
    m_all << action;
    return action;
}

void WindowActions::attachToTable(QWidget &table)
{
    for (QAction *action : {showDetails, copyIds, editLabel, unwatch, acknowledge}) {
        action->setShortcutContext(Qt::WidgetShortcut);
        m_window->removeAction(action);
        table.addAction(action);
    }
}

void WindowActions::setDetailPlace(Settings::DetailPlacement place)
{
    switch (place) {
    case Settings::DetailPlacement::Automatic:
        detailAutomatic->setChecked(true);
        return;
    case Settings::DetailPlacement::Below:
        detailBelow->setChecked(true);
        return;
    case Settings::DetailPlacement::Beside:
        detailBeside->setChecked(true);
        return;
    }
}

void WindowActions::refreshIcons(const QPalette &palette)
{
    for (QAction *action : std::as_const(m_all)) {
        const QString name = action->property("symbol").toString();
        if (!name.isEmpty())
            action->setIcon(StateLook::symbol(name, palette));
    }
}

void WindowActions::setHasSelection(bool hasSelection)
{
    for (QAction *action :
         {refresh, showDetails, copyIds, copyReport, openInGuardian, editLabel, pause, resume, mute,
          tellWhenFinished, unwatch, acknowledge, pin, editNote})
        action->setEnabled(hasSelection);
}

void WindowActions::setHasServer(bool hasServer)
{
    for (QAction *action : {watch, lookUp, paste, openFile, importTasks, refreshAll})
        action->setEnabled(hasServer);
}
