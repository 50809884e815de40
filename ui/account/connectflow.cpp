#include "account/connectflow.h"

ConnectFlow::ConnectFlow(ConnectPage &page, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_page(page)
    , m_clock(clock)
{
    connect(&page, &ConnectPage::testRequested, this,
            [this](const ConnectEntry &entry) { run(entry, false); });
    connect(&page, &ConnectPage::changed, this, [this] { delete m_test; });
    connect(&page, &ConnectPage::saveRequested, this,
            [this](const ConnectEntry &entry, bool anyway) {
                m_entry = entry;
                if (anyway && m_testedRoot)
                    save(*m_testedRoot, entry.access.credentials, {});
                else
                    run(entry, true);
            });
}

void ConnectFlow::begin(const NetworkSettings &network)
{
    delete m_test;
    m_network = network;
    m_testedRoot.reset();
    m_page.begin();
}

void ConnectFlow::cancel()
{
    delete m_test;
    m_page.forgetSecrets();
}

void ConnectFlow::run(const ConnectEntry &entry, bool saveAfter)
{
    const auto candidates = apiRootCandidates(entry.address);
    if (!candidates)
        return; // the page has said so
    m_entry = entry;
    m_saveAfter = saveAfter;
    m_testedRoot.reset();
    m_page.setBusy(tr("Looking for the server…"));
    delete m_test;
    m_test = new ConnectionTest(m_network, m_clock, this);
    connect(m_test, &ConnectionTest::finished, this, &ConnectFlow::takeResult);
    m_test->start(*candidates, [this](const ApiRoot &) { return m_entry.access; });
}

void ConnectFlow::takeResult(const ConnectionTest::Result &result)
{
    m_test->deleteLater();
    m_test.clear();
    using Mood = ConnectPage::Mood;
    if (result.root)
        m_testedRoot = result.root;
    if (result.wrongPassword) {
        m_page.setResult(Mood::Bad, tr("The server is there, but: user name or password is wrong."),
                         tr("Check both."));
        m_page.focusSecret();
        return;
    }
    if (result.error) {
        if (result.root) {
            const PollErrorText words = describe(*result.error);
            m_page.setResult(Mood::Bad, tr("The server is there, but: %1").arg(words.headline),
                             words.nextStep);
        } else {
            m_page.setError(*result.error);
        }
        if (m_saveAfter && result.root && m_entry.access.credentials.hasToken())
            m_page.allowSavingAnyway();
        return;
    }
    m_page.setResult(Mood::Good,
                     m_entry.access.credentials.hasToken() ? tr("The server accepts the token.")
                                                           : tr("The server let you in."),
                     tr("Its API is at %1").arg(m_testedRoot->url().toDisplayString()));
    // A sign-in with a password is not repeated: old servers end a session with each.
    if (!m_entry.access.password.isEmpty())
        m_entry.access = {result.credentials, {}, {}};
    if (m_saveAfter)
        save(*m_testedRoot, result.credentials, result.session.username);
}

void ConnectFlow::save(const ApiRoot &root, const Credentials &credentials, const QString &account)
{
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.address = m_entry.address;
    profile.apiRoot = root.url();
    profile.name = m_entry.name.isEmpty() ? root.url().host() : m_entry.name;
    profile.allowHttp = m_entry.allowHttp;
    m_entry = {};
    m_page.forgetSecrets();
    Q_EMIT connected(profile, credentials, account);
}
