#include "account/serverdialogs.h"

#include "account/resultwords.h"
#include "account/serverconfigs.h"
#include "account/serverdesk.h"
#include "account/serversdialog.h"
#include "account/signindialog.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

ServerDialogs::ServerDialogs(ServerDesk &desk, const Clock &clock, QWidget &window, QObject *parent)
    : QObject(parent)
    , m_desk(desk)
    , m_clock(clock)
    , m_window(window)
{
    connect(&desk, &ServerDesk::changed, this, &ServerDialogs::refresh);
}

void ServerDialogs::setConnection(const ServerId &id, const ConnectionStatus &status)
{
    m_connections.insert(id, status);
    refresh();
}

void ServerDialogs::setSession(const ServerId &id, const SessionStatus &status)
{
    m_sessions.insert(id, status);
    refresh();
}

void ServerDialogs::refresh()
{
    if (!m_servers)
        return;
    QList<ServerRow> rows;
    for (const ServerProfile &profile : m_desk.profiles())
        rows.append({profile, m_connections.value(profile.id), m_sessions.value(profile.id)});
    m_servers->setServers(rows);
}

void ServerDialogs::openServers(const std::optional<ServerId> &id)
{
    if (!m_servers) {
        m_servers = new ServersDialog(m_network, m_clock, &m_window);
        m_servers->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_servers, &ServersDialog::saved, &m_desk, &ServerDesk::saveWithProxyPassword);
        connect(m_servers, &ServersDialog::removed, &m_desk, &ServerDesk::remove);
        connect(m_servers, &ServersDialog::forgetWanted, &m_desk, &ServerDesk::forget);
        connect(m_servers, &ServersDialog::signInWanted, this, &ServerDialogs::openSignIn);
        refresh();
        m_servers->open();
    }
    m_servers->raise();
    if (id)
        m_servers->choose(*id);
    else if (m_desk.profiles().isEmpty())
        m_servers->add();
}

void ServerDialogs::openSignIn(const ServerId &id)
{
    const ServerProfile *profile = m_desk.find(id);
    const auto config = profile ? serverConfigOf(*profile, m_network)
                                : tl::expected<ServerConfig, QString>(tl::unexpect, QString());
    if (!config) { // its form says what is wrong
        if (profile)
            openServers(id);
        return;
    }
    QWidget *parent = m_servers ? static_cast<QWidget *>(m_servers) : &m_window;
    auto *dialog = new SignInDialog({config->name, config->root, config->network, profile->account,
                                     m_desk.credentials(id).proxyPassword, m_storageNote,
                                     profile->signIn == ServerProfile::SignIn::AccessToken},
                                    m_clock, parent);
    connect(dialog, &SignInDialog::signedIn, this,
            [this, id, root = config->root](const Credentials &credentials,
                                            const SessionStatus &session) {
                // It may come late: the server may have moved or gone meanwhile.
                const ServerProfile *now = m_desk.find(id);
                if (now && ApiRoot(now->apiRoot).hasOriginOf(root))
                    m_desk.signIn(id, credentials, session.username);
            });
    // What it still waits for must not end with the list of servers.
    connect(dialog, &QDialog::finished, this,
            [this, dialog] { dialog->setParent(&m_window, dialog->windowFlags()); });
    connect(dialog, &SignInDialog::ended, dialog, &QObject::deleteLater);
    dialog->open();
}

void ServerDialogs::openCertificate(const ServerId &id)
{
    const ServerProfile *profile = m_desk.find(id);
    const ConnectionStatus status = m_connections.value(id);
    if (!profile || !status.cause)
        return;
    auto *dialog = new QDialog(&m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Certificate of %1").arg(serverName(*profile)));
    auto *words = new ResultWords(dialog);
    words->setError(*status.cause);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    auto *edit = buttons->addButton(tr("Choose a CA File…"), QDialogButtonBox::ActionRole);
    connect(edit, &QPushButton::clicked, dialog, [this, dialog, id] {
        dialog->close();
        openServers(id);
    });
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *column = new QVBoxLayout(dialog);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addWidget(words);
    column->addWidget(buttons);
    dialog->resize(dialog->fontMetrics().averageCharWidth() * 96, 0);
    dialog->open();
}
