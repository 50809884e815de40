#include "intake/discoverydesk.h"
#include "manualclock.h"
#include "task/taskstore.h"
#include "widgetfinder.h"
#include "window/banner.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;

/// What is offered, and what becomes of it.
class TestDiscoveryDesk final : public QObject
{
    Q_OBJECT

private:
    ManualClock m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<BannerBar> m_banner;
    std::unique_ptr<DiscoveryDesk> m_desk;
    ServerProfile m_profile;
    bool m_isThere = true;

    [[nodiscard]] TaskKey key(const QString &task) const { return {m_profile.id, TaskId(task)}; }
    [[nodiscard]] bool isOffered() const
    {
        return m_banner->isShown(BannerKind::Discovered, m_profile.id);
    }
    void take(const QStringList &tasks, const QString &action = u"Publish policy"_s)
    {
        QList<DiscoveredTask> found;
        for (const QString &task : tasks)
            found << DiscoveredTask{TaskId(task), action, {}, 40};
        m_desk->take(m_profile.id, found);
    }
    [[nodiscard]] QStringList words() const
    {
        QStringList texts;
        const auto labels = m_banner->findChildren<QLabel *>();
        for (const QLabel *label : labels)
            if (!label->isHidden() && !label->text().isEmpty())
                texts << label->text();
        return texts;
    }
    void click(const QString &text) const { WidgetFinder::button(*m_banner, text)->click(); }

private Q_SLOTS:
    void init()
    {
        m_store = std::make_unique<TaskStore>(m_clock);
        m_banner = std::make_unique<BannerBar>();
        m_profile = {};
        m_profile.id = ServerId::create();
        m_profile.name = u"Production"_s;
        m_isThere = true;
        m_desk = std::make_unique<DiscoveryDesk>(*m_store, *m_banner, [this](const ServerId &id) {
            return m_isThere && id == m_profile.id ? &m_profile : nullptr;
        });
        m_desk->begin();
    }
    void cleanup()
    {
        m_desk.reset();
        m_banner.reset();
        m_store.reset();
    }

    void runningTasksAreOfferedAndWatched()
    {
        const QSignalSpy said(m_desk.get(), &DiscoveryDesk::said);
        take({u"a"_s});
        QCOMPARE(words(), (QStringList{u"A task is running on Production. Watch it?"_s,
                                       u"Publish policy"_s}));
        m_desk->take(m_profile.id, {{TaskId(u"c"_s), u"Create token"_s, {}, {}},
                                    {TaskId(u"b"_s), u"Publish policy"_s, {}, {}},
                                    {TaskId(u"a"_s), u"Publish policy"_s, {}, {}}});
        QVERIFY(words().constFirst().startsWith(u"3 "_s));
        QCOMPARE(words().constLast(), u"Create token, Publish policy (2)"_s);
        QVERIFY(m_store->keys().isEmpty());
        click(u"Watch"_s);
        QCOMPARE(m_store->keys().size(), 3);
        QVERIFY(m_store->find(key(u"b"_s)));
        QVERIFY(!isOffered());
        QCOMPARE(said.count(), 1);
        take({});
        QCOMPARE(said.count(), 1);
    }

    void manyKindsAreSummedUp()
    {
        QList<DiscoveredTask> many;
        for (const auto *action : {"A", "B", "C", "D", "D", ""})
            many << DiscoveredTask{
                TaskId(QString::number(many.size())), QString::fromLatin1(action), {}, {}};
        m_desk->take(m_profile.id, many);
        QVERIFY(words().constLast().startsWith(u"A, B, C"_s));
        QVERIFY(words().constLast().contains(u'3'));
    }

    void namesAreOfOneLineAndNotEndless()
    {
        take({u"a"_s}, u" Publish\n policy\t"_s);
        QCOMPARE(words().constLast(), u"Publish policy"_s);
        take({u"b"_s}, QString(500, u'x'));
        QCOMPARE(words().constLast().size(), 60);
    }

    void anOfferHidesNoTrouble()
    {
        take({u"a"_s});
        m_banner->set(BannerKind::NoKeychain, {u"No keychain"_s, {}, {}, true});
        QVERIFY(!isOffered());
        m_banner->remove(BannerKind::NoKeychain);
        m_banner->set(BannerKind::Note, {u"A file was set aside"_s, {}, {}, true});
        QVERIFY(!isOffered());
    }

    void nothingIsWatchedWhileTheStoreTellsOfOthers()
    {
        take({u"b"_s, u"a"_s});
        m_profile.discovery = ServerProfile::Discovery::Track;
        m_store->watch({key(u"c"_s)});
        QCOMPARE(m_store->keys(), QList<TaskKey>{key(u"c"_s)});
        m_desk->refresh();
        QCOMPARE(m_store->keys().size(), 3);
    }

    void whatIsNotWantedStaysAway()
    {
        take({u"b"_s, u"a"_s});
        click(u"Not Now"_s);
        QVERIFY(!isOffered());
        QVERIFY(m_store->keys().isEmpty());
        take({u"b"_s}); // one ended
        QVERIFY(!isOffered());
        take({u"c"_s, u"b"_s});
        QVERIFY(isOffered());
        QCOMPARE(words().constFirst(), u"A task is running on Production. Watch it?"_s);
        take({}); // it ended before anybody chose
        QVERIFY(!isOffered());
    }

    void whatIsWatchedOtherwiseIsNotOffered()
    {
        take({u"b"_s, u"a"_s});
        m_store->watch({key(u"a"_s)});
        QVERIFY(isOffered());
        QVERIFY(words().constFirst().startsWith(u"A task "_s));
        m_store->watch({key(u"b"_s)});
        QVERIFY(!isOffered());
        m_store->unwatch({key(u"b"_s)}); // and is not thrust upon who stopped watching
        take({u"b"_s});
        QVERIFY(!isOffered());
    }

    void nothingIsOfferedBeforeTheHistoryIsKnown()
    {
        m_desk = std::make_unique<DiscoveryDesk>(*m_store, *m_banner,
                                                 [this](const ServerId &) { return &m_profile; });
        take({u"b"_s, u"a"_s});
        QVERIFY(!isOffered());
        m_store->watch({key(u"a"_s)}); // from the last run
        m_desk->begin();
        QVERIFY(isOffered());
        QVERIFY(words().constFirst().startsWith(u"A task "_s));
    }

    void byItsSettingAServersTasksAreWatchedAtOnce()
    {
        const QSignalSpy said(m_desk.get(), &DiscoveryDesk::said);
        m_profile.discovery = ServerProfile::Discovery::Track;
        take({u"b"_s, u"a"_s});
        QVERIFY(!isOffered());
        QCOMPARE(m_store->keys().size(), 2);
        QCOMPARE(said.count(), 1);
        m_store->unwatch({key(u"a"_s)});
        take({u"a"_s});
        QCOMPARE(m_store->keys().size(), 1);
        QCOMPARE(said.count(), 1);
    }

    void aChangedSettingCountsAtOnce()
    {
        take({u"a"_s});
        QVERIFY(isOffered());
        m_profile.discovery = ServerProfile::Discovery::Off;
        m_desk->refresh();
        QVERIFY(!isOffered());
        m_profile.discovery = ServerProfile::Discovery::Offer;
        m_profile.paused = true;
        m_desk->refresh();
        QVERIFY(!isOffered());
        m_profile.paused = false;
        m_desk->refresh();
        QVERIFY(isOffered());
        m_isThere = false;
        m_desk->refresh();
        QVERIFY(!isOffered());
        m_isThere = true;
        m_profile.discovery = ServerProfile::Discovery::Track;
        m_desk->refresh();
        QCOMPARE(m_store->keys(), QList<TaskKey>{key(u"a"_s)});
    }
};

QTEST_MAIN(TestDiscoveryDesk)
#include "test_discoverydesk.moc"
