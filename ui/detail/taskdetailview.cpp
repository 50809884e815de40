#include "detail/taskdetailview.h"

#include "base/clock.h"
#include "detail/detailheader.h"
#include "detail/errorpage.h"
#include "detail/factsview.h"
#include "detail/logpage.h"
#include "detail/overviewfacts.h"
#include "detail/rawpage.h"
#include "detail/resultpage.h"
#include "detail/secretgate.h"
#include "detail/stepspage.h"
#include "task/taskfacts.h"

#include <QLabel>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include <utility>
#include <vector>

using namespace std::chrono_literals;

TaskDetailView::TaskDetailView(const Baselines &baselines, const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_baselines(baselines)
    , m_clock(clock)
    , m_ticker(clock.makeTimer([this] { tick(); }))
    , m_secrets(new SecretGate(clock, this))
    , m_stack(new QStackedWidget(this))
{
    auto *empty =
        new QLabel(tr("Select a task to see its steps, its result or why it failed."), this);
    empty->setTextFormat(Qt::PlainText);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    empty->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(m_stack);
}

TaskDetailView::~TaskDetailView() = default;

/// Not before there is a task: it takes a tenth of the time in which the window comes up.
QWidget *TaskDetailView::makeTask()
{
    auto *task = new QWidget(this);
    m_header = new DetailHeader(task);
    m_tabs = new QTabWidget(task);
    m_overview = new FactsView(m_tabs);
    m_steps = new StepsPage(m_tabs);
    m_result = new ResultPage(*m_secrets, m_tabs);
    m_error = new ErrorPage(*m_secrets, m_tabs);
    m_raw = new RawPage(*m_secrets, m_tabs);
    m_log = new LogPage(m_clock, m_tabs);
    if (m_serverLog)
        m_log->setServerLog(m_serverLog, m_labelOf);

    m_overview->setAccessibleName(tr("Overview"));
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Task details"));
    m_tabs->addTab(m_overview, tr("Overview"));
    m_tabs->addTab(m_steps, tr("Steps"));
    m_tabs->addTab(m_result, tr("Result"));
    m_tabs->addTab(m_error, tr("Error"));
    m_tabs->addTab(m_raw, tr("Raw"));
    m_tabs->addTab(m_log, tr("Log"));
    m_tabs->setCurrentIndex(m_tab);

    auto *column = new QVBoxLayout(task);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_tabs, 1);
    connect(m_tabs, &QTabWidget::currentChanged, this, &TaskDetailView::currentTabChanged);
    connect(m_tabs, &QTabWidget::currentChanged, this, &TaskDetailView::tick);
    connect(m_header, &DetailHeader::openRequested, this, [this] {
        if (m_record)
            Q_EMIT openInGuardianRequested(m_record->key);
    });
    placeInTabOrder(task);
    return task;
}

/// Where it would be if it had been made together with the window, and not at the end.
void TaskDetailView::placeInTabOrder(QWidget *task)
{
    QWidget *last = this;
    while (last->focusPolicy() == Qt::NoFocus && last->previousInFocusChain() != this)
        last = last->previousInFocusChain();
    QList<QWidget *> widgets = task->findChildren<QWidget *>();
    widgets.removeIf([](const QWidget *widget) { return widget->focusPolicy() == Qt::NoFocus; });
    for (QWidget *widget : std::as_const(widgets))
        setTabOrder(std::exchange(last, widget), widget);
}

void TaskDetailView::show(const TaskRecord &record, const QString &serverName,
                          const QList<PollLogEntry> &log)
{
    const bool isAnother = !m_record || m_record->key != record.key;
    m_record = record;
    m_serverName = serverName;
    const QDateTime now = m_clock.now().wall;
    if (!m_tabs)
        m_stack->addWidget(makeTask());
    if (isAnother) {
        m_secrets->close();
        m_overview->rewind();
    }
    // Before the pages: what they load depends on it.
    const bool isSecret =
        (record.snapshot && record.snapshot->resultIsSecret) || ErrorPage::holdsSecret(record);
    m_secrets->setNeeded(m_raw->holdsUnreadSecret(record) || isSecret);
    m_header->setTask(record, m_baselines, now);
    showFacts();
    m_steps->setTask(record, m_baselines, now, isAnother);
    m_result->setTask(record, isAnother);
    m_error->setTask(record, isSecret, isAnother);
    m_raw->setTask(record, isAnother);
    m_log->setEntries(record.key, log);
    m_stack->setCurrentIndex(1);
    scheduleTick();
}

void TaskDetailView::takeCheck(const TaskRecord &record, const QList<PollLogEntry> &log)
{
    if (!m_record || m_record->key != record.key)
        return;
    m_record = record;
    m_log->setEntries(record.key, log);
    if (m_overview->isVisible())
        showFacts();
}

void TaskDetailView::showFacts()
{
    m_overview->setFacts(
        overviewFacts(*m_record, m_baselines, m_serverName, m_account, m_clock.now().wall));
}

void TaskDetailView::setServerLog(const LogPage::ServerLog &serverLog,
                                  const LogPage::LabelOf &labelOf)
{
    m_serverLog = serverLog;
    m_labelOf = labelOf;
    if (m_log)
        m_log->setServerLog(serverLog, labelOf);
}

void TaskDetailView::clear()
{
    if (!m_record)
        return;
    // Nothing of it stays behind in the widgets.
    show(TaskRecord{}, {}, {});
    m_record.reset();
    m_ticker->stop();
    m_stack->setCurrentIndex(0);
}

std::optional<TaskKey> TaskDetailView::task() const
{
    return m_record ? std::optional(m_record->key) : std::nullopt;
}

int TaskDetailView::currentTab() const
{
    return m_tabs ? m_tabs->currentIndex() : m_tab;
}

void TaskDetailView::setCurrentTab(int tab)
{
    if (tab < 0 || tab >= TabCount)
        return;
    if (m_tabs)
        m_tabs->setCurrentIndex(tab);
    else if (std::exchange(m_tab, tab) != tab)
        Q_EMIT currentTabChanged(tab);
}

void TaskDetailView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    tick();
}

/// Durations grow while they are looked at; nothing ticks in a hidden window.
void TaskDetailView::tick()
{
    if (!m_record || !isVisible())
        return;
    const QDateTime now = m_clock.now().wall;
    m_header->setTask(*m_record, m_baselines, now);
    showFacts();
    m_steps->setNow(*m_record, m_baselines, now);
    scheduleTick();
}

void TaskDetailView::scheduleTick()
{
    if (m_record && TaskFacts::goesOn(m_record->outcome) && isVisible())
        m_ticker->start(1s);
    else
        m_ticker->stop();
}
