#include "detail/logpage.h"

#include "base/clock.h"
#include "detail/polllogmodel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

using namespace std::chrono_literals;

namespace {

constexpr auto betweenLooks = 1s;

enum Choice { TaskChoice, ServerChoice };

} // namespace

LogPage::LogPage(const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_line(new QWidget(this))
    , m_choice(new QComboBox(m_line))
    , m_stack(new QStackedWidget(this))
    , m_empty(new QLabel(this))
    , m_table(new QTableView(this))
    , m_model(new PollLogModel(this))
    , m_again(clock.makeTimer([this] { refreshUnlessPointedAt(); }))
{
    build();
    connect(m_model, &QAbstractItemModel::rowsInserted, this, &LogPage::keepPlace);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &LogPage::choose);
    choose();
}

LogPage::~LogPage() = default;

void LogPage::build()
{
    auto *label = new QLabel(tr("Last polls of:"), m_line);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(m_choice);
    m_choice->addItems({tr("This task"), tr("This server")});
    m_choice->setAccessibleName(tr("Last polls of"));
    auto *line = new QHBoxLayout(m_line);
    line->setContentsMargins(8, 4, 8, 4);
    line->setSpacing(8);
    line->addWidget(label);
    line->addWidget(m_choice);
    line->addStretch();
    m_line->hide();

    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_table->setModel(m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    QHeaderView *header = m_table->horizontalHeader();
    header->setStretchLastSection(true);
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const int letter = fontMetrics().averageCharWidth();
    header->resizeSection(PollLogModel::TimeColumn, letter * 14);
    header->resizeSection(PollLogModel::TaskColumn, letter * 40);
    header->resizeSection(PollLogModel::StatusColumn, letter * 12);
    header->resizeSection(PollLogModel::DurationColumn, letter * 12);

    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_line);
    column->addWidget(m_stack);
}

void LogPage::setServerLog(const ServerLog &serverLog, const LabelOf &labelOf)
{
    m_serverLog = serverLog;
    m_model->setLabels(labelOf);
    m_line->show();
}

void LogPage::setEntries(const TaskKey &task, const QList<PollLogEntry> &entries)
{
    const bool isAnother = task != m_task;
    const bool isAnotherServer = task.server != m_task.server;
    m_task = task;
    m_entries = entries;
    if (isOfServer() ? isAnotherServer : isAnother)
        m_model->setEntries({}); // begins at the top
    if (!isOfServer() || isAnotherServer)
        refresh();
}

void LogPage::choose()
{
    m_model->setEntries({});
    m_table->setColumnHidden(PollLogModel::TaskColumn, !isOfServer());
    m_table->setAccessibleName(isOfServer() ? tr("Last polls of this server")
                                            : tr("Last polls of this task"));
    m_empty->setText(isOfServer() ? tr("This server was not asked yet in this run.")
                                  : tr("This task was not asked for yet in this run."));
    refresh();
}

void LogPage::refresh()
{
    m_again->stop();
    if (!isVisible())
        return; // until it is
    m_model->setEntries(isOfServer() ? m_serverLog(m_task.server) : m_entries);
    if (isOfServer())
        m_again->start(betweenLooks);
    m_stack->setCurrentWidget(m_model->rowCount() == 0 ? static_cast<QWidget *>(m_empty) : m_table);
}

void LogPage::refreshUnlessPointedAt()
{
    if (m_table->viewport()->underMouse()) // nothing moves under the pointer
        m_again->start(betweenLooks);
    else
        refresh();
}

/// Whoever has scrolled reads on: what comes in above pushes nothing away.
void LogPage::keepPlace(const QModelIndex & /*parent*/, int first, int last)
{
    QScrollBar &bar = *m_table->verticalScrollBar();
    if (first > 0 || bar.value() == 0)
        return; // at the top the newest is read
    m_table->doItemsLayout();
    bar.setValue(bar.value()
                 + (last - first + 1) * m_table->verticalHeader()->defaultSectionSize());
}

void LogPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void LogPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_again->stop();
}

bool LogPage::isOfServer() const
{
    return m_serverLog && m_choice->currentIndex() == ServerChoice;
}
