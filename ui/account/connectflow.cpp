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
                if (!anyway || !m_testedRoot) {
                    run(entry, true);
                    return;
                }
                const Credentials given = wasGivenFor(entry) ? m_given : entry.access.credentials;
                m_entry = entry;
                save(*m_testedRoot, given, entry.access.user);
            });
}

void ConnectFlow::begin(const NetworkSettings &network)
{
    cancel();
    m_network = network;
    m_testedRoot.reset();
    m_page.begin();
}

void ConnectFlow::cancel()
{
    delete m_test;
    m_entry = {};
    m_given = {};
    m_page.forgetSecrets();
}

/// A sign-in with a password is not repeated: old servers end the others with each.
bool ConnectFlow::wasGivenFor(const ConnectEntry &entry) const
{
    return m_given.hasToken() && entry.address == m_entry.address
           && entry.access.user == m_entry.access.user
           && entry.access.password == m_entry.access.password;
}

void ConnectFlow::run(const ConnectEntry &entry, bool saveAfter)
{
    const auto candidates = apiRootCandidates(entry.address);
    if (!candidates)
        return; // the page has said so
    if (!wasGivenFor(entry))
        m_given = {};
    m_entry = entry;
    m_saveAfter = saveAfter;
    m_testedRoot.reset();
    m_page.setBusy(tr("Looking for the server…"));
    delete m_test;
    m_test = new ConnectionTest(m_network, m_clock, this);
    connect(m_test, &ConnectionTest::finished, this, &ConnectFlow::takeResult);
    m_test->start(*candidates, [this](const ApiRoot &root) {
        const bool isGiven = m_given.hasToken() && m_givenAt.hasOriginOf(root);
        return isGiven ? SignInEntry{m_given, {}, {}} : m_entry.access;
    });
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
    if (result.byPassword) {
        m_given = result.credentials;
        m_givenAt = *m_testedRoot;
    } else if (result.error && result.error->kind == PollError::Kind::SignInNeeded) {
        m_given = {}; // of no use any more
    }
    if (result.error && m_given.hasToken() && m_saveAfter && m_testedRoot) {
        Q_EMIT unchecked(save(*m_testedRoot, m_given, result.session.username), *result.error);
        return;
    }
    if (result.error) {
        sayTrouble(result);
        return;
    }
    m_page.setResult(Mood::Good,
                     m_entry.access.password.isEmpty() ? tr("The server accepts the token.")
                                                       : tr("The server let you in."),
                     tr("Its API is at %1").arg(m_testedRoot->url().toDisplayString()));
    if (m_saveAfter)
        save(*m_testedRoot, result.credentials, result.session.username);
}

void ConnectFlow::sayTrouble(const ConnectionTest::Result &result)
{
    using Mood = ConnectPage::Mood;
    const PollErrorText words = describe(*result.error);
    if (!result.root) {
        m_page.setError(*result.error);
    } else if (m_given.hasToken()) {
        m_page.setResult(
            Mood::Neutral,
            tr("The server let you in, but that could not be tried out: %1").arg(words.headline),
            tr("“Save Anyway” keeps the token that it gave. %1").arg(words.nextStep));
        m_page.allowSavingAnyway();
    } else {
        m_page.setResult(Mood::Bad, tr("The server is there, but: %1").arg(words.headline),
                         describe(*result.error, AskedAgain::ByPerson).nextStep);
        if (m_saveAfter && m_entry.access.credentials.hasToken())
            m_page.allowSavingAnyway();
    }
}

ServerProfile ConnectFlow::save(const ApiRoot &root, const Credentials &credentials,
                                const QString &account)
{
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.address = m_entry.address;
    profile.apiRoot = root.url();
    profile.name = m_entry.name.isEmpty() ? root.url().host() : m_entry.name;
    profile.allowHttp = m_entry.allowHttp;
    m_page.forgetSecrets();
    Q_EMIT connected(profile, credentials, account);
    m_entry = {}; // not before: `credentials` may be of it
    m_given = {};
    return profile;
}
