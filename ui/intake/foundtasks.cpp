#include "intake/foundtasks.h"

#include <QFontDatabase>
#include <QHeaderView>

namespace {

constexpr int idRole = Qt::UserRole;
constexpr int serverRole = Qt::UserRole + 1; ///< absent: not known yet
enum Column { IdColumn, ServerColumn, KnownColumn, AnswerColumn };

} // namespace

FoundTasks::FoundTasks(ShownServers servers, QWidget *parent)
    : QTreeWidget(parent)
    , m_servers(std::move(servers))
{
    setAccessibleName(tr("Tasks found"));
    setHeaderLabels({tr("Task"), tr("Server"), tr("Known"), tr("Answer")});
    setColumnHidden(ServerColumn, m_servers.size() < 2);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setTextElideMode(Qt::ElideMiddle);
    header()->setStretchLastSection(true);
    header()->resizeSection(IdColumn, fontMetrics().averageCharWidth() * 48);
    header()->resizeSection(ServerColumn, fontMetrics().averageCharWidth() * 20);
    header()->resizeSection(KnownColumn, fontMetrics().averageCharWidth() * 24);
}

void FoundTasks::setPlan(const IntakePlan &plan, const ServerId &meant)
{
    const QSignalBlocker blocker(this); // one who hears of a plan asks for all of it
    m_items.clear();
    m_open.clear();
    clear();
    for (const IntakeRow &row : plan.rows)
        addRow(row, meant);
    for (const QString &part : plan.rejected) {
        auto *item = new QTreeWidgetItem(this, {part, {}, tr("No ID in this")});
        item->setFlags(Qt::ItemIsSelectable); // greyed
        item->setToolTip(IdColumn, part.toHtmlEscaped());
    }
}

void FoundTasks::addRow(const IntakeRow &row, const ServerId &meant)
{
    QString known;
    switch (row.kind) {
    case IntakeRow::Kind::New:
        known = tr("New");
        break;
    case IntakeRow::Kind::Tracked:
        known = tr("Already watched");
        break;
    case IntakeRow::Kind::OtherServer:
        known = tr("Of another server: %1").arg(row.host);
        break;
    }
    auto *item = new QTreeWidgetItem(this, {row.id.text(), {}, known});
    item->setData(IdColumn, idRole, row.id.text());
    item->setFont(IdColumn, QFontDatabase::systemFont(QFontDatabase::FixedFont));
    item->setToolTip(IdColumn, row.source.toHtmlEscaped());
    item->setToolTip(KnownColumn, known.toHtmlEscaped());
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    // The person may ask our server for a foreign address all the same: names of servers differ.
    item->setCheckState(IdColumn, row.kind == IntakeRow::Kind::New ? Qt::Checked : Qt::Unchecked);
    const bool isMeant = row.servers.size() > 1 && row.servers.contains(meant);
    if (isMeant)
        addTask(item, {meant, row.id});
    else if (row.servers.size() == 1 || row.kind == IntakeRow::Kind::Tracked)
        addTask(item, {row.servers.constFirst(), row.id});
    else
        m_open.insert(row.id, {item, row.servers, 0, {}});
}

/// The row is about the task on that server from now on.
void FoundTasks::addTask(QTreeWidgetItem *item, const TaskKey &key)
{
    item->setData(IdColumn, serverRole, key.server.uuid());
    item->setText(ServerColumn, nameOf(key.server));
    m_items.insert(key, item);
}

QList<TaskKey> FoundTasks::checkedTasks() const
{
    QList<TaskKey> keys;
    for (int i = 0; i < topLevelItemCount(); ++i) {
        const QTreeWidgetItem *item = topLevelItem(i);
        const QVariant server = item->data(IdColumn, serverRole);
        if (server.isValid() && item->checkState(IdColumn) == Qt::Checked)
            keys.append(
                {ServerId(server.toUuid()), TaskId(item->data(IdColumn, idRole).toString())});
    }
    return keys;
}

QList<TaskKey> FoundTasks::openKeys() const
{
    QList<TaskKey> keys;
    for (auto open = m_open.cbegin(); open != m_open.cend(); ++open) {
        if (open->item->checkState(IdColumn) != Qt::Checked || open->unanswered > 0)
            continue;
        for (const ServerId &server : open->servers)
            keys.append({server, open.key()});
    }
    return keys;
}

void FoundTasks::markAsked(const QList<TaskKey> &keys)
{
    for (const TaskKey &key : keys)
        m_items.value(key)->setText(AnswerColumn, tr("Asking…"));
}

void FoundTasks::markAskedEverywhere(const QList<TaskKey> &keys)
{
    for (const TaskKey &key : keys) {
        Open &open = m_open[key.task];
        open.unanswered = open.servers.size();
        open.silent.clear();
        open.item->setText(
            ServerColumn, tr("Asking %n servers…", nullptr, static_cast<int>(open.servers.size())));
    }
}

void FoundTasks::setAnswer(const Answer &answer)
{
    QTreeWidgetItem *item = m_items.value(answer.key);
    if (!item && m_open.contains(answer.key.task)) {
        takeOpenAnswer(answer);
        item = m_items.value(answer.key);
    }
    if (!item)
        return; // the text was changed meanwhile, or this server does not know it
    item->setIcon(AnswerColumn, answer.icon);
    item->setText(AnswerColumn, answer.words);
    item->setToolTip(AnswerColumn, answer.words.toHtmlEscaped());
}

/// The first server that knows the task gets its row, each further one a row of its own.
void FoundTasks::takeOpenAnswer(const Answer &answer)
{
    const QSignalBlocker blocker(this);
    Open &open = m_open[answer.key.task];
    open.unanswered = qMax(open.unanswered - 1, qsizetype(0));
    if (!answer.isKnown && !answer.isNotFound)
        open.silent << nameOf(answer.key.server);
    if (answer.isKnown) {
        QTreeWidgetItem *item = open.item;
        if (item->data(IdColumn, serverRole).isValid()) {
            item = item->clone();
            insertTopLevelItem(indexOfTopLevelItem(open.item) + 1, item);
        }
        addTask(item, answer.key);
    } else if (!open.item->data(IdColumn, serverRole).isValid()) {
        open.item->setText(AnswerColumn,
                           QStringLiteral("%1: %2").arg(nameOf(answer.key.server), answer.words));
        if (open.unanswered == 0) {
            open.item->setText(
                ServerColumn,
                open.silent.isEmpty()
                    ? tr("Found nowhere")
                    : tr("Could not be asked: %1").arg(open.silent.join(QStringLiteral(", "))));
            open.item->setCheckState(IdColumn, Qt::Unchecked);
        }
    }
}

QString FoundTasks::nameOf(const ServerId &server) const
{
    const ShownServer *found = findServer(m_servers, server);
    return found ? found->name : QString();
}
