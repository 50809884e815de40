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
                    save(*m_testedRoot);
                else
                    run(entry, true);
            });
}

void ConnectFlow::begin(const std::optional<ServerProfile> &existing, const Secret &heldToken)
{
    delete m_test;
    m_existing = existing;
    m_heldToken = heldToken;
    m_testedRoot.reset();
    m_page.begin(existing ? &*existing : nullptr, !heldToken.isEmpty());
}

void ConnectFlow::cancel()
{
    delete m_test;
    m_page.forgetToken();
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
    m_test = new ConnectionTest(NetworkSettings{}, m_clock, this);
    connect(m_test, &ConnectionTest::finished, this, &ConnectFlow::takeResult);
    m_test->start(*candidates, [this](const ApiRoot &root) {
        if (!m_entry.token.isEmpty())
            return m_entry.token;
        return mayUseHeldToken(root) ? m_heldToken : Secret();
    });
}

bool ConnectFlow::mayUseHeldToken(const ApiRoot &root) const
{
    return m_existing && root.hasOriginOf(ApiRoot(m_existing->apiRoot));
}

void ConnectFlow::takeResult(const ConnectionTest::Result &result)
{
    m_test->deleteLater();
    m_test.clear();
    using Mood = ConnectPage::Mood;
    if (result.tokenWithheld) {
        m_page.setResult(Mood::Bad, tr("This is another server than before."),
                         tr("The stored token is not sent to it. Enter a token of this server."));
        m_page.focusToken();
        return;
    }
    if (result.root)
        m_testedRoot = result.root;
    if (result.error) {
        const PollErrorText words = describe(*result.error);
        const QString headline =
            result.root ? tr("The server is there, but: %1").arg(words.headline) : words.headline;
        m_page.setResult(Mood::Bad, headline, words.nextStep);
        if (m_saveAfter && result.root)
            m_page.allowSavingAnyway();
        return;
    }
    m_page.setResult(Mood::Good, tr("The server accepts the token."),
                     tr("Its API is at %1").arg(m_testedRoot->url().toDisplayString()));
    if (m_saveAfter)
        save(*m_testedRoot);
}

void ConnectFlow::save(const ApiRoot &root)
{
    ServerProfile profile = m_existing.value_or(ServerProfile{});
    if (profile.id.isNull())
        profile.id = ServerId::create();
    profile.address = m_entry.address;
    profile.apiRoot = root.url();
    profile.name = m_entry.name.isEmpty() ? root.url().host() : m_entry.name;
    profile.allowHttp = m_entry.allowHttp;
    const Secret token = m_entry.token;
    if (token.isEmpty() && !mayUseHeldToken(root))
        return; // the page asks for one
    m_entry = {};
    m_page.forgetToken();
    Q_EMIT connected(profile, token);
}
