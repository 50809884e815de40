#include "window/commandsdialog.h"

#include <QAction>
#include <QCoreApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

CommandsDialog::CommandsDialog(const QList<QAction *> &actions, QWidget *parent)
    : QDialog(parent)
    , m_field(new QLineEdit(this))
    , m_list(new QTreeWidget(this))
{
    setWindowTitle(tr("Commands"));
    m_field->setAccessibleName(tr("Command"));
    m_field->setPlaceholderText(tr("Type a part of a command's name"));
    m_field->installEventFilter(this);
    m_list->setAccessibleName(tr("Commands"));
    m_list->setHeaderHidden(true);
    m_list->setColumnCount(2);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    for (QAction *action : actions) {
        if (!action->isEnabled())
            continue;
        m_actions << action;
        auto *row = new QTreeWidgetItem(m_list);
        row->setText(0, action->iconText()); // the text without mnemonic
        if (action->isCheckable()) {
            row->setFlags(row->flags() & ~Qt::ItemIsUserCheckable); // Enter does it
            row->setCheckState(0, action->isChecked() ? Qt::Checked : Qt::Unchecked);
        }
        row->setText(1, action->shortcut().toString(QKeySequence::NativeText));
        row->setToolTip(0, action->toolTip());
    }
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_field);
    column->addWidget(m_list);
    resize(fontMetrics().averageCharWidth() * 60, fontMetrics().height() * 22);
    narrow({});

    connect(m_field, &QLineEdit::textChanged, this, &CommandsDialog::narrow);
    connect(m_field, &QLineEdit::returnPressed, this, &CommandsDialog::doCurrent);
    connect(m_list, &QTreeWidget::itemActivated, this, &CommandsDialog::doCurrent);
}

void CommandsDialog::narrow(const QString &text)
{
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QTreeWidgetItem *first = nullptr;
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem *row = m_list->topLevelItem(i);
        const QString name = row->text(0);
        const bool fits = std::all_of(words.begin(), words.end(), [&name](const QString &word) {
            return name.contains(word, Qt::CaseInsensitive);
        });
        row->setHidden(!fits);
        if (fits && !first)
            first = row;
    }
    m_list->setCurrentItem(first);
}

void CommandsDialog::doCurrent()
{
    QTreeWidgetItem *row = m_list->currentItem();
    if (!row)
        return;
    QAction *action = m_actions.at(m_list->indexOfTopLevelItem(row));
    accept();
    // After the focus is back where it was: some commands ask for it.
    QMetaObject::invokeMethod(action, &QAction::trigger, Qt::QueuedConnection);
}

bool CommandsDialog::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_field || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    switch (static_cast<QKeyEvent *>(event)->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QCoreApplication::sendEvent(m_list, event);
        return true;
    default:
        return QDialog::eventFilter(watched, event);
    }
}
