#include "history/historydatabase.h"
#include "historyrun.h"
#include "testdata.h"

#include <QTemporaryDir>

#include <atomic>

using namespace HistoryRun;

namespace {

const QByteArray secretBody = R"({"action":"Publish policy","percent":100,"result":"marker"})";

/// As it was before anybody knew that it is a secret.
HistoryFunctions maskingNothing()
{
    HistoryFunctions functions = HistoryProbe::functions();
    functions.mask = [](const QByteArray &json, const QString &) { return json; };
    return functions;
}

void execAt(const QString &path, const std::function<void(QSqlQuery &)> &work)
{
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"probe"_s);
        database.setDatabaseName(path);
        QVERIFY(database.open());
        QSqlQuery query(database);
        work(query);
    }
    QSqlDatabase::removeDatabase(u"probe"_s);
}

} // namespace

/// No secret stays in the file's bytes, whenever it became known that it is one.
class TestHistoryMasking final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void oldVersionsAreMasked_data()
    {
        QTest::addColumn<QString>("version");
        for (const auto version : {"v1", "v2", "v3"})
            QTest::newRow(version) << QString::fromLatin1(version);
    }
    void oldVersionsAreMasked()
    {
        QFETCH(const QString, version);
        QVERIFY(QFile::copy(testDataPath(u"history/"_s) + version + u".db"_s, file()));
        QFile(file()).setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        // A plain one, a packed one, one that nobody can read, and one that was replaced once.
        execAt(file(), [](QSqlQuery &query) {
            QVERIFY(query.exec(u"UPDATE reply SET body = CAST('marker once' AS BLOB)"_s));
            QVERIFY(query.prepare(u"UPDATE reply SET body = ? WHERE task_id = 1"_s));
            query.bindValue(0, secretBody);
            QVERIFY(query.exec());
            QVERIFY(query.exec(u"DELETE FROM reply WHERE task_id = 2"_s));
            QVERIFY(
                query.prepare(u"INSERT INTO reply VALUES (2, 200, 1, CAST('' AS BLOB), ?, 1)"_s));
            query.bindValue(0, qCompress(secretBody + QByteArray(5000, ' ')));
            QVERIFY(query.exec());
            QVERIFY(query.exec(u"INSERT INTO task (id, server, task, label, paused, outcome,"
                               " expired, confirmed) SELECT 3, server, 'odd', '', 0, 'failed', 0, 0"
                               " FROM task WHERE id = 1"_s));
            QVERIFY(query.exec(u"INSERT INTO reply VALUES (3, 200, 1, CAST('' AS BLOB),"
                               " CAST('no json: marker' AS BLOB), 0)"_s));
        });
        QVERIFY(bytesOf(file()).contains("marker"));
        {
            Run run(file());
            QVERIFY(run.open());
            QVERIFY(run.errors.isEmpty());
            QCOMPARE(run.records.size(), 3);
            // While it is open, too: the journal had the pages as they were.
            QVERIFY(!bytesOf(file()).contains("marker"));
            QVERIFY(!bytesOf(file() + u"-wal"_s).contains("marker"));
            for (const TaskRecord &record : std::as_const(run.records)) {
                const auto &reply = record.reply ? record.reply : record.strangeReply;
                QVERIFY(reply);
                const QByteArray body = reply->body.whole();
                QVERIFY(body.contains("masked") && !body.contains("marker"));
            }
            QCOMPARE(run.search(u"masked"_s).size(), 2); // the odd one has no words of a reply
            QCOMPARE(run.search(u"marker"_s), QStringList());
        }
        for (const auto suffix : {""_L1, "-wal"_L1, "-journal"_L1})
            QVERIFY(!bytesOf(file() + suffix).contains("marker"));
    }

    /// The operator has said that more of it is a secret.
    void whatBecameASecretIsMasked()
    {
        HistoryFunctions functions = HistoryProbe::functions();
        const auto masks = std::make_shared<bool>(false);
        functions.mask = [masks](const QByteArray &json, const QString &) {
            return *masks ? QByteArray(json).replace("marker", "masked") : json;
        };
        HistoryDatabase history(file(), functions);
        QVERIFY(history.open(at(0)));
        QList<HistoryChange> changes;
        for (int i = 0; i < 300; ++i)
            changes.append(
                {key(QString::number(i)), false,
                 record(QString::number(i), i % 3 == 0 ? secretBody : R"({"action":"open"})"_ba)});
        QVERIFY(history.write(changes));
        QCOMPARE(history.search(u"marker"_s, 1000)->size(), 100);
        QVERIFY(bytesOf(file() + u"-wal"_s).contains("marker"));
        *masks = true;
        QVERIFY(history.maskKept());
        QCOMPARE(history.search(u"marker"_s, 1000)->size(), 0);
        QCOMPARE(history.search(u"masked"_s, 1000)->size(), 100);
        const auto all = history.load(0, 1000);
        QCOMPARE(all->records.size(), 300);
        QCOMPARE(all->records.constFirst().reply->body.whole(),
                 QByteArray(secretBody).replace("marker", "masked"));
        QVERIFY(!bytesOf(file()).contains("marker"));
        QVERIFY(!bytesOf(file() + u"-wal"_s).contains("marker"));
        QVERIFY(history.maskKept()); // nothing is left to do
    }

    /// The rule was changed where nobody looked: in the settings' file.
    void whatWasReadByAnotherRuleIsReadAgain()
    {
        HistoryFunctions functions = HistoryProbe::functions();
        const auto rules = std::make_shared<SecretRules>();
        functions.parse = [rules, usual = functions.parse](const ReplyData &reply) {
            auto snapshot = usual(reply);
            snapshot->secretRule = rules->of(snapshot->action);
            return snapshot;
        };
        functions.rules = [rules] { return *rules; };
        HistoryDatabase history(file(), functions);
        QVERIFY(history.open(at(0)));
        QVERIFY(history.write({{key(u"a"_s), false, record(u"a"_s)}}));
        QCOMPARE(history.load(0, 1)->records.constFirst().snapshot->secretRule, SecretRule::ByName);
        rules->set(u"Create policy"_s, SecretRule::MaskAll);
        QCOMPARE(history.load(0, 1)->records.constFirst().snapshot->secretRule,
                 SecretRule::MaskAll);
    }

    /// Whoever set the rule could not wait for the masking, or changed the settings' file.
    void whatWasMissedIsMaskedAtTheNextStart()
    {
        HistoryFunctions functions = HistoryProbe::functions();
        {
            HistoryDatabase history(file(), maskingNothing());
            QVERIFY(history.open(at(0)));
            QVERIFY(history.write({{key(u"secret"_s), false, record(u"secret"_s, secretBody)},
                                   {key(u"open"_s), false, record(u"open"_s)}}));
        }
        QVERIFY(bytesOf(file()).contains("marker"));
        const auto rules = std::make_shared<SecretRules>();
        rules->set(u"Publish policy"_s, SecretRule::MaskAll);
        const auto masked = std::make_shared<std::atomic<int>>(0);
        functions.mask = [masked](const QByteArray &json, const QString &) {
            ++*masked;
            return QByteArray(json).replace("marker", "masked");
        };
        functions.rules = [rules] { return *rules; };
        const ManualClock clock;
        const auto start = [&] {
            HistoryStore store(file(), functions, clock);
            int ends = 0;
            QObject::connect(&store, &HistoryStore::opened, &store,
                             [&ends](const QList<TaskRecord> &, bool last) { ends += last; });
            store.open();
            return QTest::qWaitFor([&ends] { return ends > 0; }, 20'000);
        }; // closed behind all that was asked of it
        QVERIFY(start());
        for (const auto suffix : {""_L1, "-wal"_L1})
            QVERIFY(!bytesOf(file() + suffix).contains("marker"));
        QVERIFY(*masked > 0);
        *masked = 0;
        QVERIFY(start());
        QCOMPARE(int(*masked), 0); // that was done
        *rules = {};
        QVERIFY(start());
        QVERIFY(*masked > 0);
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.search(u"masked"_s), QStringList(u"secret"_s));
        QCOMPARE(run.search(u"marker"_s), QStringList());
    }

    /// What was replaced before it was known as a secret lay in the file's free pages.
    void whatIsReplacedIsWiped()
    {
        {
            HistoryDatabase history(file(), maskingNothing());
            QVERIFY(history.open(at(0)));
            QVERIFY(history.write({{key(u"a"_s), false, record(u"a"_s, secretBody)}}));
            QVERIFY(bytesOf(file() + u"-wal"_s).contains("marker"));
            QVERIFY(history.write({{key(u"a"_s), false, record(u"a"_s)}}));
            QVERIFY(history.maskKept());
        }
        for (const auto suffix : {""_L1, "-wal"_L1})
            QVERIFY(!bytesOf(file() + suffix).contains("marker"));
    }

    void theHeadOfALargeReplyStaysOne()
    {
        TaskRecord one = record(u"large"_s);
        ReplyData head = *one.reply;
        head.isHead = true;
        head.body =
            head.body.whole() + QByteArray(ReplyData::headSize - head.body.size(), ' ');
        one.reply = std::make_shared<const ReplyData>(head);
        TaskRecord packed = record(u"packed"_s);
        head.body = head.body.whole() + QByteArray(1000, ' ');
        packed.reply = std::make_shared<const ReplyData>(head);
        {
            Run run(file());
            QVERIFY(run.open());
            run.store.save({one, packed, record(u"whole"_s)});
            QVERIFY(run.commit());
        }
        Run run(file());
        QVERIFY(run.open());
        QVERIFY(run.find(u"large"_s)->reply->isHead);
        QVERIFY(run.find(u"large"_s)->reply->body == one.reply->body);
        QVERIFY(run.find(u"packed"_s)->reply->isHead);
        QVERIFY(run.find(u"packed"_s)->reply->body == head.body);
        QVERIFY(!run.find(u"whole"_s)->reply->isHead);
    }

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"history.db"_s); }

    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(TestHistoryMasking)
#include "test_historymasking.moc"
