#include "detail/stepspage.h"

#include "detail/steptimelinedelegate.h"
#include "detail/steptreemodel.h"
#include "task/taskfacts.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

namespace {

QTreeView *makeTree(QWidget *parent)
{
    auto *tree = new QTreeView(parent);
    tree->setUniformRowHeights(true);
    tree->setFrameShape(QFrame::NoFrame);
    tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    tree->setAccessibleName(StepsPage::tr("Steps"));
    tree->setItemDelegateForColumn(StepTreeModel::TimelineColumn, new StepTimelineDelegate(tree));
    return tree;
}

void sizeColumns(QTreeView &tree)
{
    const int letter = tree.fontMetrics().averageCharWidth();
    QHeaderView *header = tree.header();
    header->setSectionsMovable(false);
    header->resizeSection(StepTreeModel::NameColumn, letter * 40);
    header->resizeSection(StepTreeModel::DurationColumn, letter * 14);
    header->resizeSection(StepTreeModel::TimelineColumn, letter * 30);
    header->resizeSection(StepTreeModel::ProgressColumn, letter * 12);
    header->resizeSection(StepTreeModel::StartColumn, letter * 12);
}

} // namespace

StepsPage::StepsPage(QWidget *parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget(this))
    , m_empty(new QLabel(tr("The server has told of no steps yet."), this))
    , m_tree(makeTree(this))
    , m_model(new StepTreeModel(this))
{
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_tree->setModel(m_model);
    m_model->setPalette(palette());
    sizeColumns(*m_tree);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_tree);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(m_stack);

    connect(m_model, &StepTreeModel::rowsInserted, this, &StepsPage::openInserted);
    // Only what a person does to the bar arrives here: wheel, drag, keys, clicks. Where that leads
    // is seen only afterwards.
    connect(m_tree->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
        m_isFollowing = false;
        QMetaObject::invokeMethod(this, &StepsPage::judgeFollowing, Qt::QueuedConnection);
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &StepsPage::judgeFollowing, Qt::QueuedConnection);
}

void StepsPage::setTask(const TaskRecord &record, const Baselines &baselines, const QDateTime &now,
                        bool rewind)
{
    const std::vector<TaskStep> none;
    const std::vector<TaskStep> &steps = record.snapshot ? record.snapshot->steps : none;
    if (rewind) {
        m_model->clear();
        m_isFollowing = true;
        m_running = QPersistentModelIndex();
    }
    m_model->setSteps(steps);
    setNow(record, baselines, now);
    m_stack->setCurrentWidget(steps.empty() ? static_cast<QWidget *>(m_empty) : m_tree);
    if (rewind)
        m_tree->scrollToTop();
    follow();
}

void StepsPage::setNow(const TaskRecord &record, const Baselines &baselines, const QDateTime &now)
{
    m_model->setNow(now);
    const auto medians = baselines.stepMedians(record);
    const auto elapsed =
        TaskFacts::goesOn(record.outcome) ? TaskFacts::elapsed(record, now) : std::nullopt;
    m_model->setUsual(medians, elapsed ? usualPlace(record.snapshot->steps, medians, *elapsed)
                                       : std::nullopt);
}

/// With all below it, as far as the server does not ask to hide it.
void StepsPage::open(const QModelIndex &index)
{
    if (!index.data(StepTreeModel::MinimizedRole).toBool())
        m_tree->expand(index);
    const int rows = m_model->rowCount(index);
    for (int row = 0; row < rows; ++row) {
        const QModelIndex child = m_model->index(row, 0, index);
        if (m_model->rowCount(child) > 0)
            open(child);
    }
}

void StepsPage::openInserted(const QModelIndex &parent, int first, int last)
{
    const bool areFirstChildren = m_model->rowCount(parent) == last - first + 1;
    if (parent.isValid() && areFirstChildren && !parent.data(StepTreeModel::MinimizedRole).toBool())
        m_tree->expand(parent);
    for (int row = first; row <= last; ++row) {
        const QModelIndex index = m_model->index(row, 0, parent);
        if (m_model->rowCount(index) > 0)
            open(index);
    }
}

/// Only when another step runs than before, so that nothing moves without need.
void StepsPage::follow()
{
    const QModelIndex running = m_model->runningStep();
    if (!m_isFollowing || !isVisible() || running == m_running)
        return;
    m_running = running;
    // Within a folded step its nearest shown ancestor stands for it.
    QModelIndex shown = running;
    for (QModelIndex above = running.parent(); above.isValid(); above = above.parent()) {
        if (!m_tree->isExpanded(above))
            shown = above;
    }
    const int horizontal = m_tree->horizontalScrollBar()->value();
    m_tree->doItemsLayout(); // else it scrolls within yesterday's range
    m_tree->scrollTo(shown);
    m_tree->horizontalScrollBar()->setValue(horizontal);
}

void StepsPage::judgeFollowing()
{
    const QModelIndex running = m_model->runningStep();
    if (!running.isValid())
        return;
    const QRect place = m_tree->visualRect(running);
    m_isFollowing = place.isValid() && m_tree->viewport()->rect().intersects(place);
}

void StepsPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_model)
        m_model->setPalette(palette());
}

void StepsPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Once the tree has its new size, too.
    const auto followAgain = [this] {
        m_running = QPersistentModelIndex();
        follow();
    };
    QMetaObject::invokeMethod(this, followAgain, Qt::QueuedConnection);
}

void StepsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    follow();
}
