#pragma once

class MainWindow;
class QLineEdit;
class QWidget;
class TaskTableView;
class WindowActions;

/// What the window consists of beside its panes: built once, then left alone.

/// One row: watch, look up, filter, menu. Sets the fields' words and icons.
void buildToolBar(MainWindow &window, WindowActions &actions, QLineEdit &lookUpBox,
                  QLineEdit &filterBox);
/// Puts the actions for selected tasks into the table's context menu.
void addContextMenu(TaskTableView &table, const WindowActions &actions);
/// Focus with the text selected, so that typing replaces it.
void focusField(QLineEdit &field);
void showCommands(QWidget &window, const WindowActions &actions);
void showKeys(QWidget &window, const WindowActions &actions);
/// What to have at hand before one connects.
void showConnectHelp(QWidget &window);
void showAbout(QWidget &window);
