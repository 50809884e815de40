#include "desktop/requestdesk.h"
#include "mainwindow.h"
#include "manualclock.h"
#include "task/polllog.h"
#include "task/taskstore.h"
#include "widgetfinder.h"
#include "window/banner.h"

#include <QLabel>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;

/// What a start of the program asks of the window, also where it has to wait for a server.
class TestRequestDesk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void whatHasToWaitIsDoneOnceConnected();
    void aRefusalThatHadToWaitIsSaidInTheWindow();
    void aRefusalAtOnceIsTheTerminals();

private:
    [[nodiscard]] static InstanceRequest track(const QString &text, const QString &server = {})
    {
        return {InstanceRequest::Kind::Track, text, server, {}, false};
    }
    [[nodiscard]] bool saysInBanner(const QString &words) const
    {
        const QList<QLabel *> labels = m_window->banner().findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
                           [&words](const QLabel *label) { return label->text().contains(words); });
    }

    const ShownServer m_server{ServerId::create(), u"Production"_s,
                               QUrl(u"https://guardian.example.org/api/v1/"_s)};
    ManualClock m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<PollLog> m_log;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<RequestDesk> m_desk;
};

void TestRequestDesk::init()
{
    m_store = std::make_unique<TaskStore>(m_clock);
    m_log = std::make_unique<PollLog>();
    m_window = std::make_unique<MainWindow>(*m_store, *m_log, m_clock);
    m_desk = std::make_unique<RequestDesk>(*m_store, *m_window);
}

void TestRequestDesk::cleanup()
{
    m_desk.reset();
    m_window.reset();
    m_log.reset();
    m_store.reset();
}

void TestRequestDesk::whatHasToWaitIsDoneOnceConnected()
{
    QVERIFY(m_desk->take(track(u"task-1 task-2"_s)).accepted);
    QCOMPARE(m_store->keys().size(), 0);
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    QCOMPARE(m_store->keys().size(), 2);
    QVERIFY(!m_window->banner().isShown(BannerKind::Note));
    m_desk->setServers({m_server}); // and once only
    QCOMPARE(m_store->keys().size(), 2);
}

void TestRequestDesk::aRefusalThatHadToWaitIsSaidInTheWindow()
{
    QVERIFY(m_desk->take(track(u"https://elsewhere.example.org/task/task-1"_s)).accepted);
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    QCOMPARE(m_store->keys().size(), 0);
    QVERIFY(m_window->banner().isShown(BannerKind::Note));
    QVERIFY(saysInBanner(u"no server elsewhere.example.org"_s));
}

void TestRequestDesk::aRefusalAtOnceIsTheTerminals()
{
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    const InstanceReply reply = m_desk->take(track(u"task-1"_s, u"Nowhere"_s));
    QVERIFY(!reply.accepted && !reply.words.isEmpty());
    QVERIFY(!m_window->banner().isShown(BannerKind::Note));
    m_desk->takeUnattended(track(u"task-1"_s, u"Nowhere"_s));
    QVERIFY(m_window->banner().isShown(BannerKind::Note));
    QVERIFY(saysInBanner(u"no such server"_s));
    QCOMPARE(m_store->keys().size(), 0);
}

QTEST_MAIN(TestRequestDesk)
#include "test_requestdesk.moc"
