#pragma once

#include <QDialog>
#include <QList>

class QAction;
class QLineEdit;
class QTreeWidget;

/// Every action by its name: one types a part of it, and Enter does it (Ctrl+K). Shows what can be
/// done now; the actions are the window's and outlive the dialog.
class CommandsDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandsDialog)

public:
    CommandsDialog(const QList<QAction *> &actions, QWidget *parent);

protected:
    /// Up, Down and the page keys of the field move in the list.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void narrow(const QString &text);
    void doCurrent();

    QList<QAction *> m_actions; ///< in the order of the list's rows
    QLineEdit *m_field;
    QTreeWidget *m_list;
};
