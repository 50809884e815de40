#include "window/keysdialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

KeysDialog::KeysDialog(const QList<QAction *> &actions, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keys"));
    auto *list = new QTreeWidget(this);
    list->setAccessibleName(tr("Keys"));
    list->setHeaderLabels({tr("Key"), tr("What it does")});
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    for (const QAction *action : actions) {
        if (action->shortcut().isEmpty())
            continue;
        // toolTip() is the text without mnemonic and dots where no other was set.
        new QTreeWidgetItem(
            list, {QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText),
                   action->toolTip()});
    }
    list->resizeColumnToContents(0);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->addWidget(list);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 64, fontMetrics().height() * 30);
}
