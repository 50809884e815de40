#include "account/serversdialog.h"

#include "account/resultwords.h"
#include "account/serverconfigs.h"
#include "account/sessionwords.h"
#include "base/clock.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

ServersDialog::ServersDialog(const NetworkSettings &network, const Clock &clock, QWidget *parent)
    : QDialog(parent)
    , m_network(network)
    , m_clock(clock)
    , m_model(new ServerListModel(this))
    , m_list(new QListView(this))
    , m_add(new QPushButton(tr("A&dd"), this))
    , m_duplicate(new QPushButton(tr("Dup&licate"), this))
    , m_remove(new QPushButton(tr("Remo&ve"), this))
    , m_enable(new QPushButton(this))
    , m_undoLine(new QWidget(this))
    , m_undoWords(new QLabel(m_undoLine))
    , m_server(new QWidget(this))
    , m_session(new QLabel(this))
    , m_signIn(new QPushButton(tr("Sign &In…"), this))
    , m_forget(new QPushButton(tr("For&get"), this))
    , m_form(new ServerForm(this))
    , m_result(new ResultWords(this))
    , m_revert(new QPushButton(tr("Revert"), this))
    , m_save(new QPushButton(tr("&Save"), this))
{
    build();
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ServersDialog::takeChoice);
    connect(m_form, &ServerForm::edited, this, &ServersDialog::takeEdit);
    connect(m_form, &ServerForm::submitted, this, &ServersDialog::save);
    connect(m_add, &QPushButton::clicked, this, &ServersDialog::add);
    connect(m_duplicate, &QPushButton::clicked, this, &ServersDialog::duplicate);
    connect(m_remove, &QPushButton::clicked, this, &ServersDialog::remove);
    connect(m_enable, &QPushButton::clicked, this, &ServersDialog::toggleEnabled);
    connect(m_save, &QPushButton::clicked, this, &ServersDialog::save);
    connect(m_revert, &QPushButton::clicked, this, &ServersDialog::revert);
    connect(m_signIn, &QPushButton::clicked, this, [this] {
        if (m_shown)
            Q_EMIT signInWanted(ServerId(*m_shown));
    });
    connect(m_forget, &QPushButton::clicked, this, [this] {
        if (m_shown)
            Q_EMIT forgetWanted(ServerId(*m_shown));
    });
    connect(this, &QDialog::finished, this, [this] {
        for (const ServerId &id : std::exchange(m_removed, {}))
            Q_EMIT removed(id);
    });
    refreshChosen();
}

ServersDialog::~ServersDialog() = default;

void ServersDialog::build()
{
    setWindowTitle(tr("Servers"));
    auto *halves = new QHBoxLayout;
    halves->setSpacing(16);
    halves->addWidget(buildList(), 2);
    halves->addWidget(buildServer(), 5);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &ServersDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addLayout(halves, 1);
    column->addWidget(buttons);
    for (QPushButton *button : findChildren<QPushButton *>())
        button->setAutoDefault(false); // Enter in a field saves
    resize(fontMetrics().averageCharWidth() * 130, fontMetrics().height() * 34);
}

QWidget *ServersDialog::buildList()
{
    auto *half = new QWidget(this);
    m_list->setModel(m_model);
    m_list->setAccessibleName(tr("Servers"));
    m_list->setSpacing(2);
    auto *buttons = new QGridLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_add, 0, 0);
    buttons->addWidget(m_duplicate, 0, 1);
    buttons->addWidget(m_enable, 1, 0);
    buttons->addWidget(m_remove, 1, 1);
    auto *undo = new QPushButton(tr("Undo"), m_undoLine);
    connect(undo, &QPushButton::clicked, this, &ServersDialog::undoRemoval);
    m_undoWords->setTextFormat(Qt::PlainText);
    m_undoWords->setWordWrap(true);
    auto *undoLine = new QHBoxLayout(m_undoLine);
    undoLine->setContentsMargins(0, 0, 0, 0);
    undoLine->addWidget(m_undoWords, 1);
    undoLine->addWidget(undo);
    m_undoLine->hide();
    auto *column = new QVBoxLayout(half);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_list, 1);
    column->addWidget(m_undoLine);
    column->addLayout(buttons);
    return half;
}

QWidget *ServersDialog::buildServer()
{
    m_session->setTextFormat(Qt::PlainText);
    m_session->setObjectName(QStringLiteral("session"));
    m_session->setWordWrap(true);
    m_forget->setToolTip(tr("Deletes the stored tokens and passwords of this server"));
    auto *session = new QHBoxLayout;
    session->setSpacing(8);
    session->addWidget(m_session, 1);
    session->addWidget(m_forget);
    session->addWidget(m_signIn);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch();
    buttons->addWidget(m_revert);
    buttons->addWidget(m_save);
    auto *column = new QVBoxLayout(m_server);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    column->addLayout(session);
    column->addWidget(m_form);
    column->addWidget(m_result);
    column->addStretch();
    column->addLayout(buttons);
    return m_server;
}

void ServersDialog::setServers(const QList<ServerRow> &servers)
{
    m_stored = servers;
    for (const ServerRow &row : servers)
        m_new.removeAll(row.profile.id); // saved
    refreshRows();
    const bool isTyped = m_shown && m_drafts.contains(*m_shown);
    if (m_shown && !isTyped && stored(*m_shown))
        m_form->show({stored(*m_shown)->profile, {}});
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0));
    refreshChosen();
}

void ServersDialog::choose(const ServerId &id)
{
    if (const int row = m_model->rowOf(id); row >= 0)
        m_list->setCurrentIndex(m_model->index(row));
}

void ServersDialog::refreshRows()
{
    QList<ServerRow> rows;
    for (ServerRow row : std::as_const(m_stored)) {
        row.isEdited = m_drafts.contains(row.profile.id);
        if (!m_removed.contains(row.profile.id))
            rows << row;
    }
    for (const ServerId &id : std::as_const(m_new)) {
        ServerRow row;
        row.profile = m_drafts.value(id).profile;
        row.isNew = true;
        if (!m_removed.contains(id))
            rows << row;
    }
    m_model->setRows(rows, m_clock.now().wall);
}

/// What depends on the server that is chosen, but its form.
void ServersDialog::refreshChosen()
{
    const ServerRow *row = chosen();
    m_server->setVisible(row);
    for (QPushButton *button : {m_duplicate, m_remove, m_enable})
        button->setEnabled(row);
    m_enable->setText(!row || row->profile.enabled ? tr("Disa&ble") : tr("Ena&ble"));
    if (!row)
        return;
    const bool isStored = !row->isNew;
    m_enable->setEnabled(isStored);
    m_signIn->setEnabled(isStored && row->profile.enabled);
    m_forget->setEnabled(isStored);
    const QString who = SessionWords::line(row->session, m_clock.now().wall);
    m_session->setText(!isStored               ? tr("Save it first, then sign in.")
                       : !row->profile.enabled ? tr("Disabled: kept, but not asked.")
                                               : (who.isEmpty() ? tr("Not signed in.") : who));
    const bool isTyped = m_drafts.contains(row->profile.id);
    m_revert->setEnabled(isTyped && isStored);
    m_save->setEnabled(isTyped && !m_prober);
    m_save->setText(m_unprobed.isEmpty() ? tr("&Save") : tr("&Save Anyway"));
}

void ServersDialog::takeChoice()
{
    const ServerRow *row = chosen();
    const auto id = row ? std::optional(row->profile.id) : std::nullopt;
    if (id == m_shown)
        return;
    m_shown = id;
    delete m_prober;
    m_unprobed.clear();
    m_result->clear();
    if (id)
        m_form->show(m_drafts.value(*id, {row->profile, {}}));
    refreshChosen();
}

void ServersDialog::takeEdit()
{
    if (!m_shown)
        return;
    const ServerForm::Draft draft = m_form->draft();
    const ServerRow *before = stored(*m_shown);
    if (before && draft == ServerForm::Draft{before->profile, {}})
        m_drafts.remove(*m_shown);
    else
        m_drafts.insert(*m_shown, draft);
    delete m_prober;
    m_unprobed.clear();
    m_warned = false;
    m_result->clear();
    refreshRows();
    refreshChosen();
}

void ServersDialog::add()
{
    addDraft({});
}

void ServersDialog::duplicate()
{
    if (!m_shown)
        return;
    ServerProfile profile = m_form->draft().profile;
    profile.name = tr("%1 (copy)").arg(serverName(profile));
    profile.apiRoot.clear(); // to be looked for again, and no secrets go with it
    addDraft(profile);
}

void ServersDialog::addDraft(const ServerProfile &profile)
{
    ServerForm::Draft draft{profile, {}};
    draft.profile.id = ServerId::create();
    m_new << draft.profile.id;
    m_drafts.insert(draft.profile.id, draft);
    m_warned = false;
    refreshRows();
    choose(draft.profile.id);
    m_form->focusAddress();
}

void ServersDialog::remove()
{
    const ServerRow *row = chosen();
    if (!row)
        return;
    const QString name = serverName(row->profile);
    m_removed << row->profile.id;
    refreshRows();
    takeChoice();
    m_undoWords->setText(tr("Removed “%1” with its tasks and secrets when this closes.").arg(name));
    m_undoLine->show();
    refreshChosen();
}

void ServersDialog::undoRemoval()
{
    if (m_removed.isEmpty())
        return;
    const ServerId id = m_removed.takeLast();
    refreshRows();
    choose(id);
    m_undoLine->setVisible(!m_removed.isEmpty());
    if (!m_removed.isEmpty()) {
        if (const ServerRow *before = stored(m_removed.constLast()))
            m_undoWords->setText(tr("Removed “%1” with its tasks and secrets when this closes.")
                                     .arg(serverName(before->profile)));
    }
    refreshChosen();
}

void ServersDialog::toggleEnabled()
{
    const ServerRow *before = m_shown ? stored(*m_shown) : nullptr;
    if (!before)
        return;
    ServerProfile profile = before->profile;
    profile.enabled = !profile.enabled;
    if (const auto draft = m_drafts.find(profile.id); draft != m_drafts.end())
        draft->profile.enabled = profile.enabled; // what is typed stays
    Q_EMIT saved(profile, {});
}

void ServersDialog::save()
{
    if (!m_shown || !m_drafts.contains(*m_shown) || m_prober)
        return;
    if (const auto problem = m_form->problem()) {
        m_result->set(ResultWords::Mood::Bad, problem->headline, problem->nextStep);
        return;
    }
    if (!m_unprobed.isEmpty()) {
        saveAt(m_unprobed);
        return;
    }
    const ServerForm::Draft draft = m_form->draft();
    const ServerRow *before = stored(*m_shown);
    if (before && before->profile.address == draft.profile.address) {
        saveAt(before->profile.apiRoot);
        return;
    }
    const auto candidates = apiRootCandidates(draft.profile.address);
    if (!candidates)
        return; // problem() has said so
    ServerProfile tried = draft.profile;
    tried.apiRoot = candidates->constFirst();
    const auto config = serverConfigOf(tried, m_network);
    if (!config) {
        m_result->set(ResultWords::Mood::Bad, tr("The server cannot be asked as it is set up."),
                      config.error());
        return;
    }
    m_result->set(ResultWords::Mood::Neutral, tr("Looking for the server…"), {});
    m_prober = new ApiRootProber(config->network, m_clock, this);
    connect(m_prober, &ApiRootProber::finished, this, &ServersDialog::takeRoot);
    m_prober->start(*candidates);
    refreshChosen();
}

void ServersDialog::takeRoot(const ApiRootProber::Result &root)
{
    m_prober->deleteLater();
    m_prober.clear();
    if (root) {
        saveAt(root->url());
        return;
    }
    m_result->setError(root.error());
    // A server may be down just now. One with a wrong certificate is saved to mend its CA later.
    if (const auto candidates = apiRootCandidates(m_form->draft().profile.address))
        m_unprobed = candidates->constFirst();
    refreshChosen();
}

void ServersDialog::saveAt(const QUrl &apiRoot)
{
    ServerForm::Draft draft = m_form->draft();
    draft.profile.apiRoot = apiRoot;
    const QString place = apiRoot.toDisplayString(); // it may be of what saving changes
    m_unprobed.clear();
    m_drafts.remove(draft.profile.id);
    Q_EMIT saved(draft.profile, draft.proxyPassword);
    m_result->set(ResultWords::Mood::Good, tr("Saved."), tr("Its API is at %1").arg(place));
    refreshChosen();
}

void ServersDialog::revert()
{
    const ServerRow *before = m_shown ? stored(*m_shown) : nullptr;
    if (!before)
        return;
    m_drafts.remove(*m_shown);
    m_form->show({before->profile, {}});
    m_unprobed.clear();
    m_result->clear();
    refreshRows();
    refreshChosen();
}

void ServersDialog::reject()
{
    const bool hasDrafts =
        std::any_of(m_drafts.keyBegin(), m_drafts.keyEnd(),
                    [this](const ServerId &id) { return !m_removed.contains(id); });
    if (hasDrafts && !std::exchange(m_warned, true)) {
        m_result->set(ResultWords::Mood::Bad, tr("There are changes that are not saved."),
                      tr("Save them, or close once more to drop them."));
        m_server->show();
        return;
    }
    QDialog::reject();
}

const ServerRow *ServersDialog::chosen() const
{
    const QModelIndex current = m_list->currentIndex();
    return current.isValid() ? &m_model->rows().at(current.row()) : nullptr;
}

const ServerRow *ServersDialog::stored(const ServerId &id) const
{
    const auto found = std::find_if(m_stored.begin(), m_stored.end(),
                                    [&id](const ServerRow &row) { return row.profile.id == id; });
    return found == m_stored.end() ? nullptr : &*found;
}
