#include "account/serverlistpane.h"

#include "account/serverlistmodel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

ServerListPane::ServerListPane(ServerListModel &model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_list(new QListView(this))
    , m_duplicate(new QPushButton(tr("Dup&licate"), this))
    , m_remove(new QPushButton(tr("Remo&ve"), this))
    , m_enable(new QPushButton(this))
    , m_undoLine(new QWidget(this))
    , m_undoWords(new QLabel(m_undoLine))
{
    m_list->setModel(&model);
    m_list->setAccessibleName(tr("Servers"));
    m_list->setSpacing(2);
    auto *add = new QPushButton(tr("A&dd"), this);
    auto *buttons = new QGridLayout;
    buttons->setSpacing(8);
    buttons->addWidget(add, 0, 0);
    buttons->addWidget(m_duplicate, 0, 1);
    buttons->addWidget(m_enable, 1, 0);
    buttons->addWidget(m_remove, 1, 1);
    auto *undo = new QPushButton(tr("Undo"), m_undoLine);
    m_undoWords->setTextFormat(Qt::PlainText);
    m_undoWords->setWordWrap(true);
    auto *undoLine = new QHBoxLayout(m_undoLine);
    undoLine->setContentsMargins(0, 0, 0, 0);
    undoLine->addWidget(m_undoWords, 1);
    undoLine->addWidget(undo);
    m_undoLine->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_list, 1);
    column->addWidget(m_undoLine);
    column->addLayout(buttons);
    setTabOrder(m_list, undo); // in the order that one reads
    setTabOrder(undo, add);
    setTabOrder(add, m_duplicate);
    setTabOrder(m_duplicate, m_enable);
    setTabOrder(m_enable, m_remove);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ServerListPane::currentChanged);
    connect(add, &QPushButton::clicked, this, &ServerListPane::addWanted);
    connect(m_duplicate, &QPushButton::clicked, this, &ServerListPane::duplicateWanted);
    connect(m_remove, &QPushButton::clicked, this, &ServerListPane::removeWanted);
    connect(m_enable, &QPushButton::clicked, this, &ServerListPane::toggleWanted);
    connect(undo, &QPushButton::clicked, this, &ServerListPane::undoWanted);
}

const ServerRow *ServerListPane::current() const
{
    const QModelIndex current = m_list->currentIndex();
    return current.isValid() ? &m_model.rows().at(current.row()) : nullptr;
}

void ServerListPane::setCurrentRow(int row)
{
    if (const QModelIndex index = m_model.index(row); index.isValid())
        m_list->setCurrentIndex(index);
}

void ServerListPane::refreshButtons()
{
    const ServerRow *row = current();
    for (QPushButton *button : {m_duplicate, m_remove})
        button->setEnabled(row);
    m_enable->setEnabled(row && !row->isNew);
    m_enable->setText(!row || row->profile.enabled ? tr("Disa&ble") : tr("Ena&ble"));
}

void ServerListPane::setRemoved(const std::optional<QString> &name)
{
    m_undoLine->setVisible(name.has_value());
    if (name)
        m_undoWords->setText(
            tr("Removed “%1” with its tasks and secrets when this closes.").arg(*name));
}
