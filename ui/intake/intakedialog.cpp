#include "intake/intakedialog.h"

#include "intake/intaketext.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace {

constexpr int idRole = Qt::UserRole;
constexpr int serverRole = Qt::UserRole + 1; ///< absent: not known yet
enum Column { IdColumn, ServerColumn, KnownColumn, AnswerColumn };
/// So many IDs are asked for without a click.
constexpr qsizetype askedAtOnce = 50;
/// More than that is slow to show and nothing to edit by hand.
constexpr qsizetype editableLength = 64 * 1024;

} // namespace

IntakeDialog::IntakeDialog(ShownServers servers, IsTracked isTracked, QWidget *parent)
    : QDialog(parent)
    , m_servers(std::move(servers))
    , m_isTracked(std::move(isTracked))
    , m_text(new IntakeText(this))
    , m_summary(new QLabel(this))
    , m_server(new QComboBox(this))
    , m_rows(new QTreeWidget(this))
    , m_watch(new QPushButton(tr("Watch"), this))
    , m_lookUp(new QPushButton(tr("Look Up Once"), this))
{
    build();
    connect(m_text, &IntakeText::textChanged, this, &IntakeDialog::takeEditedText);
    connect(m_text, &IntakeText::filesGiven, this, &IntakeDialog::takeGivenFiles);
    connect(m_rows, &QTreeWidget::itemChanged, this, &IntakeDialog::refreshButtons);
    connect(m_server, &QComboBox::activated, this, &IntakeDialog::takeEditedText);
    connect(m_watch, &QPushButton::clicked, this, &IntakeDialog::act);
    connect(m_lookUp, &QPushButton::clicked, this, &IntakeDialog::lookUp);
    preview({});
}

void IntakeDialog::build()
{
    setWindowTitle(tr("Watch Tasks"));
    auto *label = new QLabel(tr("Task &IDs, links, the answer of a starting call, or any text "
                                "with such in it:"),
                             this);
    label->setBuddy(m_text);
    label->setWordWrap(true);
    m_text->setAccessibleName(tr("Text with task IDs"));
    m_text->setPlaceholderText(tr("Paste here, or drop a file"));
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setObjectName(QStringLiteral("summary"));

    m_rows->setAccessibleName(tr("Tasks found"));
    m_rows->setHeaderLabels({tr("Task"), tr("Server"), tr("Known"), tr("Answer")});
    m_rows->setColumnHidden(ServerColumn, m_servers.size() < 2);
    m_rows->setRootIsDecorated(false);
    m_rows->setUniformRowHeights(true);
    m_rows->setTextElideMode(Qt::ElideMiddle);
    m_rows->header()->setStretchLastSection(true);
    m_rows->header()->resizeSection(IdColumn, fontMetrics().averageCharWidth() * 48);
    m_rows->header()->resizeSection(ServerColumn, fontMetrics().averageCharWidth() * 20);
    m_rows->header()->resizeSection(KnownColumn, fontMetrics().averageCharWidth() * 24);

    auto *meant = new QWidget(this);
    auto *meantLabel = new QLabel(tr("&Server of bare IDs:"), meant);
    meantLabel->setBuddy(m_server);
    m_server->addItem(tr("Ask each"));
    for (const ShownServer &server : std::as_const(m_servers)) {
        if (server.enabled)
            m_server->addItem(server.name, server.id.uuid());
    }
    auto *meantLine = new QHBoxLayout(meant);
    meantLine->setContentsMargins(0, 0, 0, 0);
    meantLine->addWidget(meantLabel);
    meantLine->addWidget(m_server);
    meantLine->addStretch();
    meant->setVisible(m_servers.size() > 1);

    auto *file = new QPushButton(tr("&Open File…"), this);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(file, QDialogButtonBox::ResetRole);
    buttons->addButton(m_lookUp, QDialogButtonBox::ActionRole);
    buttons->addButton(m_watch, QDialogButtonBox::AcceptRole);
    for (QPushButton *button : {file, m_lookUp})
        button->setAutoDefault(false);
    m_watch->setDefault(true);
    connect(file, &QPushButton::clicked, this, &IntakeDialog::openFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(label);
    column->addWidget(m_text, 1);
    column->addWidget(meant);
    column->addWidget(m_summary);
    column->addWidget(m_rows, 2);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 110, fontMetrics().height() * 28);
}

void IntakeDialog::setText(const QString &text)
{
    place(text);
    if (m_open.size() <= askedAtOnce)
        ask();
    (m_watch->isEnabled() ? static_cast<QWidget *>(m_watch) : m_text)->setFocus();
}

void IntakeDialog::setAskedFor(const QString &text)
{
    place(text);
    markAsked(openKeys());
    m_watch->setFocus();
}

void IntakeDialog::place(const QString &text)
{
    const bool editable = text.size() <= editableLength;
    {
        const QSignalBlocker blocker(m_text); // the preview comes from the whole text, once
        m_text->setPlainText(editable ? text : text.left(editableLength) + QChar(0x2026));
    }
    m_text->setReadOnly(!editable);
    m_whole = editable ? QString() : text;
    preview(text);
}

QList<TaskKey> IntakeDialog::checkedTasks() const
{
    QList<TaskKey> keys;
    for (int i = 0; i < m_rows->topLevelItemCount(); ++i) {
        const QTreeWidgetItem *item = m_rows->topLevelItem(i);
        const QVariant server = item->data(IdColumn, serverRole);
        if (server.isValid() && item->checkState(IdColumn) == Qt::Checked)
            keys.append(
                {ServerId(server.toUuid()), TaskId(item->data(IdColumn, idRole).toString())});
    }
    return keys;
}

/// Those of checked rows.
QList<TaskKey> IntakeDialog::openKeys() const
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

void IntakeDialog::act()
{
    if (const QList<TaskKey> checked = checkedTasks(); !checked.isEmpty()) {
        Q_EMIT watchRequested(checked);
        accept();
    } else {
        ask();
    }
}

void IntakeDialog::lookUp()
{
    const QList<TaskKey> keys = checkedTasks();
    for (const TaskKey &key : keys)
        m_items.value(key)->setText(AnswerColumn, tr("Asking…"));
    Q_EMIT lookUpRequested(keys);
}

/// On each server that may hold them.
void IntakeDialog::ask()
{
    const QList<TaskKey> keys = openKeys();
    if (keys.isEmpty())
        return;
    markAsked(keys);
    Q_EMIT lookUpRequested(keys);
    refreshButtons();
}

void IntakeDialog::markAsked(const QList<TaskKey> &keys)
{
    for (const TaskKey &key : keys) {
        Open &open = m_open[key.task];
        open.unanswered = open.servers.size();
        open.silent.clear();
        open.item->setText(
            ServerColumn, tr("Asking %n servers…", nullptr, static_cast<int>(open.servers.size())));
    }
}

void IntakeDialog::setAnswer(const Answer &answer)
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
void IntakeDialog::takeOpenAnswer(const Answer &answer)
{
    const QSignalBlocker blocker(m_rows);
    Open &open = m_open[answer.key.task];
    open.unanswered = qMax(open.unanswered - 1, qsizetype(0));
    if (!answer.isKnown && !answer.isNotFound)
        open.silent << nameOf(answer.key.server);
    if (answer.isKnown) {
        QTreeWidgetItem *item = open.item;
        if (item->data(IdColumn, serverRole).isValid()) {
            item = item->clone();
            m_rows->insertTopLevelItem(m_rows->indexOfTopLevelItem(open.item) + 1, item);
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
    refreshButtons();
}

/// The row is about the task on that server from now on.
void IntakeDialog::addTask(QTreeWidgetItem *item, const TaskKey &key)
{
    item->setData(IdColumn, serverRole, key.server.uuid());
    item->setText(ServerColumn, nameOf(key.server));
    m_items.insert(key, item);
}

QString IntakeDialog::nameOf(const ServerId &server) const
{
    const ShownServer *found = findServer(m_servers, server);
    return found ? found->name : QString();
}

void IntakeDialog::openFile()
{
    auto *dialog = new QFileDialog(this, tr("Open a File With Task IDs"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &IntakeDialog::takeFile);
    dialog->open();
}

void IntakeDialog::takeFile(const QString &path)
{
    if (const auto text = readIntakeFile(path))
        setText(*text);
    else
        m_summary->setText(text.error());
}

/// Below what is there already.
void IntakeDialog::takeGivenFiles(const QStringList &texts, const QStringList &troubles)
{
    if (!texts.isEmpty()) {
        const QString before = m_text->isReadOnly() ? m_whole : m_text->toPlainText();
        setText((QStringList{before} + texts).join(QLatin1Char('\n')).trimmed());
    }
    if (!troubles.isEmpty())
        m_summary->setText(troubles.join(QLatin1Char(' ')));
}

void IntakeDialog::takeEditedText()
{
    preview(m_text->isReadOnly() ? m_whole : m_text->toPlainText());
}

void IntakeDialog::preview(const QString &text)
{
    const IntakePlan plan = planIntake(text, m_servers, m_isTracked);
    const QSignalBlocker blocker(m_rows);
    m_items.clear();
    m_open.clear();
    m_rows->clear();
    for (const IntakeRow &row : plan.rows)
        addRow(row);
    for (const QString &part : plan.rejected) {
        auto *item = new QTreeWidgetItem(m_rows, {part, {}, tr("No ID in this")});
        item->setFlags(Qt::ItemIsSelectable); // greyed
        item->setToolTip(IdColumn, part.toHtmlEscaped());
    }
    m_summary->setText(text.trimmed().isEmpty() ? tr("Nothing to look at yet.") : summaryOf(plan));
    refreshButtons();
}

void IntakeDialog::addRow(const IntakeRow &row)
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
    auto *item = new QTreeWidgetItem(m_rows, {row.id.text(), {}, known});
    item->setData(IdColumn, idRole, row.id.text());
    item->setFont(IdColumn, QFontDatabase::systemFont(QFontDatabase::FixedFont));
    item->setToolTip(IdColumn, row.source.toHtmlEscaped());
    item->setToolTip(KnownColumn, known.toHtmlEscaped());
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    // The person may ask our server for a foreign address all the same: names of servers differ.
    item->setCheckState(IdColumn, row.kind == IntakeRow::Kind::New ? Qt::Checked : Qt::Unchecked);
    const ServerId chosen(m_server->currentData().toUuid());
    const bool hasChosen = row.servers.size() > 1 && row.servers.contains(chosen);
    if (hasChosen)
        addTask(item, {chosen, row.id});
    else if (row.servers.size() == 1 || row.kind == IntakeRow::Kind::Tracked)
        addTask(item, {row.servers.constFirst(), row.id});
    else
        m_open.insert(row.id, {item, row.servers, 0, {}});
}

void IntakeDialog::refreshButtons()
{
    const auto count = static_cast<int>(checkedTasks().size());
    const bool canAsk = count == 0 && !openKeys().isEmpty();
    m_watch->setEnabled(count > 0 || canAsk);
    m_lookUp->setEnabled(count > 0);
    m_watch->setText(canAsk       ? tr("Find the Server")
                     : count == 0 ? tr("Watch")
                     : count == 1 ? tr("Watch 1 Task")
                                  : tr("Watch %n Tasks", nullptr, count));
}
