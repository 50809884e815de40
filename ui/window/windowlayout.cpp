#include "window/windowlayout.h"

#include "guardian/pushchannel.h"
#include "mainwindow.h"
#include "statelook.h"
#include "tasks/tasktableview.h"
#include "window/commandsdialog.h"
#include "window/keysdialog.h"
#include "window/windowactions.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(MainWindow)
};

QMenu *makeMenu(QWidget &window, const WindowActions &actions)
{
    auto *menu = new QMenu(&window);
    menu->addActions({actions.watch, actions.openFile, actions.paste});
    menu->addSeparator();
    menu->addActions({actions.exportTasks, actions.importTasks});
    menu->addSeparator();
    menu->addActions({actions.undo, actions.redo, actions.clearFinished, actions.saveFilter});
    menu->addSeparator();
    menu->addActions(
        {actions.refreshAll, actions.nextProblem, actions.previousProblem, actions.hold});
    QMenu *details = menu->addMenu(Words::tr("Place of the &Details"));
    details->addActions({actions.detailAutomatic, actions.detailBelow, actions.detailBeside});
    menu->addAction(actions.sideList);
    QMenu *notices = menu->addMenu(Words::tr("&Notifications"));
    notices->addActions(
        {actions.pauseNoticesForAnHour, actions.pauseNoticesUntilTomorrow, actions.resumeNotices});
    menu->addSeparator();
    menu->addActions({actions.servers, actions.settings});
    menu->addSeparator();
    menu->addActions({actions.commands, actions.keys, actions.about});
    menu->addSeparator();
    menu->addAction(actions.quit);
    return menu;
}

void setWords(QLineEdit &field, const QString &placeholder, const QString &name, const QString &tip)
{
    field.setPlaceholderText(placeholder);
    field.setAccessibleName(name);
    field.setToolTip(tip);
    field.setClearButtonEnabled(true);
}

} // namespace

void buildToolBar(MainWindow &window, WindowActions &actions, QLineEdit &lookUpBox,
                  QLineEdit &filterBox)
{
    setWords(lookUpBox, Words::tr("Look up or paste IDs, links, JSON"), Words::tr("Look up"),
             Words::tr("Shows a task without watching it (Ctrl+L)"));
    setWords(filterBox, Words::tr("Filter"), Words::tr("Filter"),
             Words::tr("Words, or terms like status:failed action:\"publish policy\" (Ctrl+F)"));
    lookUpBox.setMaxLength(1024 * 1024); // JSON may be long
    lookUpBox.setAcceptDrops(false);     // the window takes them: of a file, what is in it
    lookUpBox.addAction(actions.lookUp, QLineEdit::LeadingPosition);
    filterBox.addAction(actions.filter, QLineEdit::LeadingPosition);

    auto *menuButton = new QToolButton(&window);
    menuButton->setObjectName(QStringLiteral("menuButton"));
    menuButton->setAccessibleName(Words::tr("Menu"));
    menuButton->setDefaultAction(actions.menu);
    menuButton->setAutoRaise(true);
    menuButton->setPopupMode(QToolButton::InstantPopup);
    menuButton->setMenu(makeMenu(window, actions));
    QObject::connect(actions.menu, &QAction::triggered, menuButton, &QToolButton::showMenu);
    // Room for the sign alone: the arrow of a menu button says the same again.
    menuButton->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    auto *watchButton = new QToolButton(&window);
    watchButton->setDefaultAction(actions.watch);
    watchButton->setText(Words::tr("Watch"));
    watchButton->setAccessibleName(Words::tr("Watch tasks"));
    watchButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);

    auto *row = new QWidget(&window);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(4, 4, 4, 4);
    line->setSpacing(8);
    line->addWidget(watchButton);
    line->addWidget(&lookUpBox, 3);
    line->addWidget(&filterBox, 2);
    line->addWidget(menuButton);
    QToolBar *bar = window.addToolBar(Words::tr("Toolbar"));
    bar->setObjectName(QStringLiteral("toolbar"));
    bar->setAccessibleName(Words::tr("Toolbar"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->toggleViewAction()->setVisible(false);
    bar->addWidget(row);
    window.setContextMenuPolicy(Qt::NoContextMenu); // no menu that hides the only toolbar
}

void addContextMenu(TaskTableView &table, const WindowActions &actions)
{
    auto *menu = new QMenu(&table);
    menu->addActions({actions.showDetails, actions.openInGuardian});
    menu->addSeparator();
    menu->addActions({actions.acknowledge, actions.pin, actions.editLabel, actions.editNote});
    menu->addSeparator();
    menu->addActions({actions.copyIds, actions.copyReport, actions.exportTasks});
    menu->addSeparator();
    menu->addActions({actions.refresh, actions.pause, actions.resume});
    menu->addSeparator();
    menu->addActions({actions.tellWhenFinished, actions.mute});
    menu->addSeparator();
    menu->addAction(actions.unwatch);
    table.setContextMenuPolicy(Qt::CustomContextMenu);
    QObject::connect(
        &table, &QWidget::customContextMenuRequested, menu,
        [menu, &table](const QPoint &at) { menu->popup(table.viewport()->mapToGlobal(at)); });
}

void focusField(QLineEdit &field)
{
    field.setFocus(Qt::ShortcutFocusReason);
    field.selectAll();
}

void showCommands(QWidget &window, const WindowActions &actions)
{
    QList<QAction *> all = actions.all();
    all.removeOne(actions.commands);
    auto *dialog = new CommandsDialog(all, &window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void showKeys(QWidget &window, const WindowActions &actions)
{
    auto *dialog = new KeysDialog(actions.all(), &window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void showConnectHelp(QWidget &window)
{
    auto *box = new QMessageBox(QMessageBox::Information, Words::tr("What You Need to Connect"),
                                Words::tr("The address of your Guardian, and your account there."),
                                QMessageBox::Ok, &window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(
        Words::tr("The address is what you type in the browser, for example "
                  "https://guardian.example.org.\n\n"
                  "Sign in with your user name and password (the password is used once and never "
                  "stored), or with a refresh token if you have one. An access token works too, "
                  "until it ends.\n\n"
                  "Taskwatch reads tasks only: it changes nothing on the server."));
    box->open();
}

void showAbout(QWidget &window)
{
    auto *dialog = new QDialog(&window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(Words::tr("About Taskwatch"));
#ifdef TASKWATCH_WITH_KEYCHAIN
    const QString keychain = Words::tr("Tokens are kept in the desktop's keychain.");
#else
    const QString keychain = Words::tr("Built without a keychain: tokens last for one run.");
#endif
#ifdef TASKWATCH_WITH_DBUS
    const QString notifications = Words::tr("Notifications are shown by the desktop.");
#else
    const QString notifications = Words::tr("Built without desktop notifications.");
#endif
    const QString push = PushChannel::isAvailable()
                             ? Words::tr("Servers can push changes as they happen.")
                             : Words::tr("Built without push: tasks are polled only.");
    auto *words = new QLabel(Words::tr("Taskwatch %1\nWatches the long-running tasks of Hedera "
                                       "Guardian servers.\n\n%2\n%3\n%4\nQt %5")
                                 .arg(QStringLiteral(TASKWATCH_VERSION), keychain, notifications,
                                      push, QString::fromLatin1(qVersion())),
                             dialog);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *column = new QVBoxLayout(dialog);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(16);
    column->addWidget(words);
    column->addWidget(buttons);
    dialog->open();
}
