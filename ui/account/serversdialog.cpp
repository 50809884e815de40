#include "account/serversdialog.h"

#include "account/resultwords.h"
#include "account/serverconfigs.h"
#include "account/serverlistpane.h"
#include "account/sessionwords.h"
#include "base/clock.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

ServersDialog::ServersDialog(const NetworkSettings &network, const Clock &clock, QWidget *parent)
    : QDialog(parent)
    , m_network(network)
    , m_clock(clock)
    , m_model(new ServerListModel(this))
    , m_list(new ServerListPane(*m_model, this))
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
    connect(m_list, &ServerListPane::currentChanged, this, &ServersDialog::takeChoice);
    connect(m_list, &ServerListPane::addWanted, this, &ServersDialog::add);
    connect(m_list, &ServerListPane::duplicateWanted, this, &ServersDialog::duplicate);
    connect(m_list, &ServerListPane::removeWanted, this, &ServersDialog::remove);
    connect(m_list, &ServerListPane::toggleWanted, this, &ServersDialog::toggleEnabled);
    connect(m_list, &ServerListPane::undoWanted, this, &ServersDialog::undoRemoval);
    connect(m_form, &ServerForm::edited, this, &ServersDialog::takeEdit);
    connect(m_form, &ServerForm::submitted, this, &ServersDialog::save);
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
        for (const ServerId &id : m_drafts.takeRemoved())
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
    halves->addWidget(m_list, 2);
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
    m_drafts.setStored(servers);
    refreshRows();
    if (const ServerRow *row = storedShown(); row && !m_drafts.isTyped(*m_shown))
        m_form->show({row->profile, {}});
    if (!m_list->current())
        m_list->setCurrentRow(0);
    refreshChosen();
}

void ServersDialog::choose(const ServerId &id)
{
    m_list->setCurrentRow(m_model->rowOf(id));
}

void ServersDialog::refreshRows()
{
    m_model->setRows(m_drafts.rows(), m_clock.now().wall);
}

/// What depends on the server that is chosen, but its form.
void ServersDialog::refreshChosen()
{
    const ServerRow *row = m_list->current();
    m_server->setVisible(row);
    m_list->refreshButtons();
    if (!row)
        return;
    const bool isStored = !row->isNew;
    m_signIn->setEnabled(isStored && row->profile.enabled);
    m_forget->setEnabled(isStored);
    const QString who = SessionWords::line(row->session, m_clock.now().wall);
    m_session->setText(!isStored               ? tr("Save it first, then sign in.")
                       : !row->profile.enabled ? tr("Disabled: kept, but not asked.")
                                               : (who.isEmpty() ? tr("Not signed in.") : who));
    const bool isTyped = m_drafts.isTyped(row->profile.id);
    m_revert->setEnabled(isTyped && isStored);
    m_save->setEnabled(isTyped && !m_prober);
    m_save->setText(m_unprobed.isEmpty() ? tr("&Save") : tr("&Save Anyway"));
}

void ServersDialog::takeChoice()
{
    const ServerRow *row = m_list->current();
    const auto id = row ? std::optional(row->profile.id) : std::nullopt;
    if (id == m_shown)
        return;
    m_shown = id;
    delete m_prober;
    m_unprobed.clear();
    m_result->clear();
    if (id)
        m_form->show(m_drafts.typedOr(row->profile));
    refreshChosen();
}

void ServersDialog::takeEdit()
{
    if (!m_shown)
        return;
    m_drafts.type(*m_shown, m_form->draft());
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
    const ServerId id = m_drafts.add(profile);
    m_warned = false;
    refreshRows();
    choose(id);
    m_form->focusAddress();
}

void ServersDialog::remove()
{
    const ServerRow *row = m_list->current();
    if (!row)
        return;
    m_drafts.remove(row->profile.id);
    refreshRows();
    takeChoice();
    m_list->setRemoved(m_drafts.lastRemoved());
    refreshChosen();
}

void ServersDialog::undoRemoval()
{
    const auto id = m_drafts.undoRemoval();
    if (!id)
        return;
    refreshRows();
    choose(*id);
    m_list->setRemoved(m_drafts.lastRemoved());
    refreshChosen();
}

void ServersDialog::toggleEnabled()
{
    const ServerRow *before = storedShown();
    if (!before)
        return;
    ServerProfile profile = before->profile;
    profile.enabled = !profile.enabled;
    m_drafts.setEnabled(profile.id, profile.enabled); // what is typed stays
    Q_EMIT saved(profile, {});
}

void ServersDialog::save()
{
    if (!m_shown || !m_drafts.isTyped(*m_shown) || m_prober)
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
    const ServerRow *before = storedShown();
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
    m_drafts.drop(draft.profile.id);
    Q_EMIT saved(draft.profile, draft.proxyPassword);
    m_result->set(ResultWords::Mood::Good, tr("Saved."), tr("Its API is at %1").arg(place));
    refreshChosen();
}

void ServersDialog::revert()
{
    const ServerRow *before = storedShown();
    if (!before)
        return;
    m_drafts.drop(*m_shown);
    m_form->show({before->profile, {}});
    m_unprobed.clear();
    m_result->clear();
    refreshRows();
    refreshChosen();
}

void ServersDialog::reject()
{
    if (m_drafts.hasUnsaved() && !std::exchange(m_warned, true)) {
        m_result->set(ResultWords::Mood::Bad, tr("There are changes that are not saved."),
                      tr("Save them, or close once more to drop them."));
        m_server->show();
        return;
    }
    QDialog::reject();
}

const ServerRow *ServersDialog::storedShown() const
{
    return m_shown ? m_drafts.stored(*m_shown) : nullptr;
}
