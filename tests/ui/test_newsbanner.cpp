#include "desktop/newsbanner.h"

#include "notice/noticewords.h"
#include "window/banner.h"

#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;

namespace {

Notification notice(NoticeKind kind, const QString &action)
{
    return NoticeWords::single({kind, {ServerId(), TaskId(action)}, action, {}, {}, {}, {}});
}

Notification reach(bool isOver)
{
    static const ServerId server = ServerId::create();
    return NoticeWords::ofServers({{NoticeKind::Unreachable, server, u"Production"_s, isOver}}, {});
}

} // namespace

/// What the window says in place of the desktop.
class TestNewsBanner final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void newsJoinWhatIsUnread();
    void aStandingTroubleKeepsItsOwnBanner();
    void aTroubleThatIsOverIsNews();

private:
    std::unique_ptr<QWidget> m_window;
    BannerBar *m_banner = nullptr;
    NewsBanner *m_news = nullptr;
};

void TestNewsBanner::init()
{
    m_window = std::make_unique<QWidget>();
    m_banner = new BannerBar(m_window.get());
    m_news = new NewsBanner(*m_banner, *m_window, m_window.get());
}

void TestNewsBanner::cleanup()
{
    delete m_news; // before what it refers to
    m_window.reset();
}

void TestNewsBanner::newsJoinWhatIsUnread()
{
    m_news->take(notice(NoticeKind::Completed, u"Publish policy"_s));
    m_news->take(notice(NoticeKind::Failed, u"Import policy"_s));
    QVERIFY(m_banner->isShown(BannerKind::News));
    const QString text = m_banner->accessibleDescription();
    QVERIFY(text.startsWith(u"Import policy failed"_s));
    QVERIFY(text.contains(u"Before that: Publish policy completed"_s));
}

void TestNewsBanner::aStandingTroubleKeepsItsOwnBanner()
{
    const ServerId server = ServerId::create();
    m_banner->set(BannerKind::SignInNeeded, {u"Sign in"_s, {}, u"Sign in…"_s, false}, server);
    const Notification signIn =
        NoticeWords::ofServers({{NoticeKind::SignInNeeded, server, u"Production"_s, false}}, {});
    m_news->take(signIn);
    QVERIFY(m_banner->isShown(BannerKind::SignInNeeded, server));
    m_news->take(notice(NoticeKind::Completed, u"Publish policy"_s));
    QVERIFY(m_banner->isShown(BannerKind::News));
    QVERIFY(!m_banner->accessibleDescription().contains(signIn.summary));
}

void TestNewsBanner::aTroubleThatIsOverIsNews()
{
    m_news->take(reach(true));
    QVERIFY(m_banner->isShown(BannerKind::News));
    m_news->take(reach(false)); // and what was said of it is not so any more
    QVERIFY(!m_banner->isShown(BannerKind::News));
}

QTEST_MAIN(TestNewsBanner)
#include "test_newsbanner.moc"
