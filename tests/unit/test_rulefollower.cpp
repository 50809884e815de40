#include "guardian/rulefollower.h"

#include "exchange/taskfile.h"
#include "guardian/parsetaskreply.h"
#include "manualclock.h"
#include "task/secretrule.h"
#include "task/taskjson.h"
#include "task/taskstore.h"
#include "task/taskwords.h"

#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const ServerId server = ServerId::create();
const QString action = u"Publish policy"_s;
const QByteArray invalid =
    R"({"action":"Publish policy","result":{"isValid":false,"errors":["marker-e"],"name":"marker-n",)"
    R"("password":"marker-p"}})";

TaskRecord record(const QString &id, const QByteArray &body)
{
    TaskRecord record;
    record.key = {server, TaskId(id)};
    ReplyData reply;
    reply.httpStatus = 200;
    reply.body = body;
    record.snapshot = std::make_shared<const TaskSnapshot>(parseTaskReply(reply).value());
    record.reply = std::make_shared<const ReplyData>(reply);
    record.outcome =
        record.snapshot->verdict.hasProblems ? Outcome::CompletedWithProblems : Outcome::Completed;
    return record;
}

QByteArray fileOf(const TaskRecord &record)
{
    return QJsonDocument(TaskFile::object(record, {})).toJson();
}

} // namespace

/// A rule that is changed counts for what was read before it, too.
class TestRuleFollower final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = std::make_unique<TaskStore>(m_clock);
        m_book = std::make_shared<SecretRuleBook>();
        m_follower = std::make_unique<RuleFollower>(*m_store, m_book);
        m_store->load({record(u"p"_s, invalid), record(u"q"_s, invalid)});
    }
    void cleanup() { m_follower.reset(); }

    void everythingIsMasked()
    {
        const auto before = task(u"p"_s).reply;
        QSignalSpy changed(m_store.get(), &TaskStore::changed);
        set(SecretRule::MaskAll);
        QTRY_COMPARE(changed.count(), 1);
        QCOMPARE(changed.first().first().value<QList<TaskKey>>().size(), 2);
        const TaskRecord now = task(u"p"_s);
        QVERIFY(now.snapshot->resultIsSecret);
        QVERIFY(now.reply != before); // else the history took it for the one that it has
        QCOMPARE(now.outcome, Outcome::CompletedWithProblems);
        QVERIFY(now.snapshot->verdict.hasProblems);
        QVERIFY(now.snapshot->verdict.problems.isEmpty());
        QVERIFY(!TaskWords::summary(now).contains(u"marker"_s));
        QVERIFY(!QJsonDocument(taskToJson(now, {}, {})).toJson().contains("marker"));
        QVERIFY(!fileOf(now).contains("marker"));
    }

    void allIsShownButNotKept()
    {
        set(SecretRule::ShowAll);
        QTRY_COMPARE(task(u"p"_s).snapshot->secretRule, SecretRule::ShowAll);
        const TaskRecord now = task(u"p"_s);
        QVERIFY(!now.snapshot->resultIsSecret);
        QVERIFY(QJsonDocument(taskToJson(now, {}, {})).toJson().contains("marker-p"));
        const QByteArray file = fileOf(now);
        QVERIFY(!file.contains("marker-p"));
        QVERIFY(file.contains("marker-n"));
    }

    /// Lines of a result go into the table, notifications and reports.
    void noLineOfASecretIsToldThoughAllIsShown()
    {
        SecretRules rules;
        rules.set(u"Create random key"_s, SecretRule::ShowAll);
        m_follower->setRules(rules);
        const TaskRecord key =
            record(u"k"_s, R"({"action":"Create random key","result":"marker"})");
        m_store->load({key}); // e.g. an import, read by the usual rule
        QTRY_VERIFY(!task(u"k"_s).snapshot->resultIsSecret);
        QVERIFY(task(u"k"_s).snapshot->resultText.isEmpty());
        QVERIFY(!TaskWords::summary(task(u"k"_s)).contains(u"marker"_s));
        QVERIFY(!fileOf(task(u"k"_s)).contains("marker"));
    }

    void aRuleThatIsTakenBackCountsNoMore()
    {
        set(SecretRule::MaskAll);
        QTRY_COMPARE(task(u"p"_s).snapshot->secretRule, SecretRule::MaskAll);
        m_follower->setRules({});
        QTRY_COMPARE(task(u"p"_s).snapshot->secretRule, SecretRule::ByName);
        QCOMPARE(*task(u"p"_s).snapshot, *record(u"p"_s, invalid).snapshot);
    }

    void othersAreLeftAlone()
    {
        m_store->load({record(u"o"_s, R"({"action":"Wipe","result":"open"})")});
        const auto before = task(u"o"_s).snapshot;
        set(SecretRule::MaskAll);
        QTRY_COMPARE(task(u"p"_s).snapshot->secretRule, SecretRule::MaskAll);
        QCOMPARE(task(u"o"_s).snapshot, before);
    }

    /// What was read again meanwhile is newer.
    void anOldReadingReplacesNothing()
    {
        const TaskRecord p = task(u"p"_s);
        auto other = std::make_shared<const TaskSnapshot>();
        m_store->reread({{p.key, other, other}, {p.key, other, p.snapshot}});
        QCOMPARE(task(u"p"_s).snapshot, p.snapshot);
        QCOMPARE(task(u"p"_s).reply, p.reply);
    }

private:
    void set(SecretRule rule)
    {
        SecretRules rules;
        rules.set(action, rule);
        m_follower->setRules(rules);
    }
    [[nodiscard]] TaskRecord task(const QString &id) const
    {
        return *m_store->find({server, TaskId(id)});
    }

    ManualClock m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::shared_ptr<SecretRuleBook> m_book;
    std::unique_ptr<RuleFollower> m_follower;
};

QTEST_GUILESS_MAIN(TestRuleFollower)
#include "test_rulefollower.moc"
