#include "window/detailpane.h"

#include "detail/taskdetailview.h"
#include "task/polllog.h"
#include "task/taskstore.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

DetailPane::DetailPane(const TaskStore &store, const PollLog &log, const Clock &clock,
                       QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_log(log)
    , m_watch(new QPushButton(tr("Watch This Task"), this))
    , m_lookUpBar(buildLookUpBar())
    , m_view(new TaskDetailView(store.baselines(), clock, this))
{
    setAccessibleName(tr("Details"));
    m_view->setServerLog([this](const ServerId &server) { return m_log.serverEntries(server); },
                         [this](const TaskKey &key) {
                             const TaskRecord *record = m_store.find(key);
                             return record ? record->label.get() : QString();
                         });
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_lookUpBar);
    column->addWidget(m_view, 1);
    m_lookUpBar->hide();
}

QWidget *DetailPane::buildLookUpBar()
{
    auto *bar = new QWidget(this);
    bar->setAutoFillBackground(true);
    bar->setBackgroundRole(QPalette::AlternateBase);
    auto *words = new QLabel(tr("Looked up once. It is not watched."), bar);
    auto *close = new QPushButton(tr("Close"), bar);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    row->addWidget(words, 1);
    row->addWidget(m_watch);
    row->addWidget(close);
    connect(m_watch, &QPushButton::clicked, this, [this] {
        if (m_lookedUp)
            Q_EMIT watchClicked(TaskKey(m_lookedUp->key));
    });
    connect(close, &QPushButton::clicked, this, &DetailPane::closeClicked);
    return bar;
}

void DetailPane::setServerNames(const QHash<ServerId, QString> &names)
{
    m_serverNames = names;
    refresh();
}

void DetailPane::setAccount(const ServerId &server, const QString &account)
{
    if (m_accounts.value(server) == account)
        return;
    m_accounts.insert(server, account);
    refresh();
}

void DetailPane::showTask(const std::optional<TaskKey> &key)
{
    m_lookedUp.reset();
    m_key = key;
    refresh();
}

void DetailPane::showLookedUp(const TaskRecord &record)
{
    m_lookedUp = record;
    refresh();
}

std::optional<TaskKey> DetailPane::shownTask() const
{
    if (m_lookedUp)
        return m_lookedUp->key;
    return m_key;
}

void DetailPane::takeChanges(const QList<TaskKey> &keys)
{
    if (!m_lookedUp && m_key && keys.contains(*m_key))
        refresh();
}

void DetailPane::takeChecks(const QList<TaskKey> &keys)
{
    if (m_lookedUp || !m_key || !keys.contains(*m_key))
        return;
    if (const TaskRecord *record = m_store.find(*m_key))
        m_view->takeCheck(*record, m_log.entries(*m_key));
}

void DetailPane::takeRemoved(const QList<TaskKey> &keys)
{
    if (m_key && keys.contains(*m_key)) {
        m_key.reset();
        refresh();
    }
}

/// Before one is known to hold the task: of all servers that were asked for it.
QList<PollLogEntry> DetailPane::lookUpLog() const
{
    const TaskKey &key = m_lookedUp->key;
    if (!key.server.isNull())
        return m_log.entries(key);
    QList<PollLogEntry> all;
    for (auto server = m_serverNames.keyBegin(); server != m_serverNames.keyEnd(); ++server)
        all += m_log.entries({*server, key.task});
    std::stable_sort(all.begin(), all.end(),
                     [](const auto &a, const auto &b) { return a.at < b.at; });
    return all;
}

void DetailPane::refresh()
{
    m_lookUpBar->setVisible(m_lookedUp.has_value());
    if (const auto shown = shownTask())
        m_view->setAccount(m_accounts.value(shown->server));
    if (m_lookedUp) {
        m_watch->setEnabled(!m_lookedUp->key.server.isNull()); // else nobody knows where it is
        m_view->show(*m_lookedUp, m_serverNames.value(m_lookedUp->key.server), lookUpLog());
        return;
    }
    const TaskRecord *record = m_key ? m_store.find(*m_key) : nullptr;
    if (record)
        m_view->show(*record, m_serverNames.value(m_key->server), m_log.entries(*m_key));
    else
        m_view->clear();
}
