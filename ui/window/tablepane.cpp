#include "window/tablepane.h"

#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "window/banner.h"

#include <QStackedWidget>
#include <QVBoxLayout>

TablePane::TablePane(const TaskStore &store, TaskTableModel &model, const Clock &clock,
                     QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_model(model)
    , m_banner(new BannerBar(this))
    , m_stack(new QStackedWidget(this))
    , m_table(new TaskTableView(model, clock, this))
    , m_empty(new EmptyState(this))
{
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    connect(&model, &QAbstractItemModel::rowsInserted, this, &TablePane::refreshEmptiness);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &TablePane::refreshEmptiness);
    connect(&model, &QAbstractItemModel::modelReset, this, &TablePane::refreshEmptiness);
    refreshEmptiness();
}

void TablePane::setHasServer(bool hasServer)
{
    m_hasServer = hasServer;
    refreshEmptiness();
}

void TablePane::takeFocus()
{
    m_stack->currentWidget()->setFocus();
}

void TablePane::goToRows()
{
    takeFocus();
    if (!m_table->currentTask() && m_model.rowCount() > 0)
        m_table->setCurrentTask(m_model.keyAt(0));
}

std::optional<Emptiness> TablePane::emptiness() const
{
    if (m_model.rowCount() > 0)
        return std::nullopt;
    if (!m_hasServer)
        return Emptiness::NoServer;
    if (m_store.size() == 0)
        return Emptiness::NothingTracked;
    return m_model.isFiltered() ? Emptiness::NoMatch : Emptiness::EmptyView;
}

void TablePane::refreshEmptiness()
{
    const auto now = emptiness();
    if (now)
        m_empty->setEmptiness(*now);
    m_stack->setCurrentWidget(now ? static_cast<QWidget *>(m_empty) : m_table);
    Q_EMIT emptinessChanged();
}
