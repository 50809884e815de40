#include "history/historydatabase.h"
#include "historyrun.h"
#include "testdata.h"

#include <QTemporaryDir>
#include <QThread>

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

/// As the worker does, but at once.
HistoryDatabase::Upkeep allUpkeep(HistoryDatabase &history)
{
    auto done = history.upkeep();
    while (done == HistoryDatabase::Upkeep::More)
        done = history.upkeep();
    return done.value();
}

/// Masks by rules that can be set, and counts.
struct Masks {
    explicit Masks()
    {
        functions.mask = [count = count](const QByteArray &json, const QString &) {
            ++*count;
            return QByteArray(json).replace("marker", "masked");
        };
        functions.rules = [rules = rules] { return *rules; };
        rules->set(u"Publish policy"_s, SecretRule::MaskAll);
    }
    HistoryFunctions functions = HistoryProbe::functions();
    std::shared_ptr<std::atomic<int>> count = std::make_shared<std::atomic<int>>(0);
    std::shared_ptr<SecretRules> rules = std::make_shared<SecretRules>();
};

QList<HistoryChange> secrets(int count)
{
    QList<HistoryChange> changes;
    changes.reserve(count);
    for (int i = 0; i < count; ++i) {
        const QString id = QString::number(i);
        changes.append({key(id), false, record(id, secretBody)});
    }
    return changes;
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
            QCOMPARE(run.errors.size(), 1); // the odd one cannot be read whole
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
        history.maskKept();
        QCOMPARE(allUpkeep(history), HistoryDatabase::Upkeep::Done);
        QCOMPARE(history.search(u"marker"_s, 1000)->size(), 0);
        QCOMPARE(history.search(u"masked"_s, 1000)->size(), 100);
        const auto all = history.load(0, 1000);
        QCOMPARE(all->records.size(), 300);
        QCOMPARE(all->records.constFirst().reply->body.whole(),
                 QByteArray(secretBody).replace("marker", "masked"));
        QVERIFY(!bytesOf(file()).contains("marker"));
        QVERIFY(!bytesOf(file() + u"-wal"_s).contains("marker"));
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
        {
            HistoryDatabase history(file(), maskingNothing());
            QVERIFY(history.open(at(0)));
            QVERIFY(history.write({{key(u"secret"_s), false, record(u"secret"_s, secretBody)},
                                   {key(u"open"_s), false, record(u"open"_s)}}));
        }
        QVERIFY(bytesOf(file()).contains("marker"));
        const Masks masks;
        const ManualClock clock;
        const auto start = [&] {
            HistoryStore store(file(), masks.functions, clock);
            int ends = 0;
            QObject::connect(&store, &HistoryStore::opened, &store,
                             [&ends](const QList<TaskRecord> &, bool last) { ends += last; });
            store.open();
            return QTest::qWaitFor([&ends] { return ends > 0; }, diskPatience);
        }; // closed behind all that was asked of it
        QVERIFY(start());
        for (const auto suffix : {""_L1, "-wal"_L1})
            QVERIFY(!bytesOf(file() + suffix).contains("marker"));
        QVERIFY(*masks.count > 0);
        *masks.count = 0;
        QVERIFY(start());
        QCOMPARE(int(*masks.count), 0); // that was done
        *masks.rules = {};
        QVERIFY(start());
        QVERIFY(*masks.count > 0);
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.search(u"masked"_s), QStringList(u"secret"_s));
        QCOMPARE(run.search(u"marker"_s), QStringList());
    }

    /// Whoever closes does not wait for it, and the next start goes on where it was.
    /// Nobody said yet that they changed, and nobody may come to it: what is noted must be true.
    void rulesThatChangeMeanwhileCountForAll()
    {
        constexpr int tasks = 500;
        Masks masks;
        masks.functions.mask = [rules = masks.rules](const QByteArray &json, const QString &) {
            const bool isSecond = rules->of(u"Create policy"_s) == SecretRule::MaskAll;
            return QByteArray(json)
                .replace("marker", isSecond ? "second" : "firsts")
                .replace("firsts", isSecond ? "second" : "firsts");
        };
        {
            HistoryDatabase history(file(), maskingNothing());
            QVERIFY(history.open(at(0)));
            QVERIFY(history.write(secrets(tasks)));
        }
        {
            HistoryDatabase history(file(), masks.functions);
            QVERIFY(history.open(at(0)));
            history.resumeMasking();
            QVERIFY(history.upkeep() == HistoryDatabase::Upkeep::More);
            masks.rules->set(u"Create policy"_s, SecretRule::MaskAll);
            QVERIFY(history.upkeep() == HistoryDatabase::Upkeep::More);
        } // as if killed
        HistoryDatabase history(file(), masks.functions);
        QVERIFY(history.open(at(0)));
        history.resumeMasking();
        QCOMPARE(allUpkeep(history), HistoryDatabase::Upkeep::Done);
        QVERIFY(!bytesOf(file()).contains("marker") && !bytesOf(file()).contains("firsts"));
        QVERIFY(bytesOf(file()).contains("second"));
        history.resumeMasking();
        QVERIFY(!history.isMasking());
    }

    void maskingIsInterruptedAndGoesOn()
    {
        constexpr int tasks = 1000;
        const Masks masks;
        {
            HistoryDatabase history(file(), maskingNothing());
            QVERIFY(history.open(at(0)));
            QVERIFY(history.write(secrets(tasks)));
        }
        const auto left = [this] {
            return Connection(file())
                .ask(u"SELECT count(*) FROM reply WHERE instr(body, 'marker')"_s)
                .toInt();
        };
        {
            HistoryDatabase history(file(), masks.functions);
            QVERIFY(history.open(at(0)));
            history.resumeMasking();
            QVERIFY(history.upkeep() == HistoryDatabase::Upkeep::More);
            QVERIFY2(*masks.count > 0 && *masks.count <= 200,
                     qPrintable(QString::number(*masks.count)));
        } // as if killed
        const int before = left();
        QCOMPARE(before, tasks - *masks.count);
        QVERIFY(bytesOf(file()).contains("marker"));
        {
            HistoryDatabase history(file(), masks.functions);
            QVERIFY(history.open(at(0)));
            QCOMPARE(history.load(0, 2 * tasks)->records.size(), tasks); // as a start does
            while (history.complete(tasks).value()) {
            }
            *masks.count = 0;
            history.resumeMasking();
            QVERIFY(history.upkeep() == HistoryDatabase::Upkeep::More);
            QCOMPARE(left(), before - *masks.count); // not those again that are done
            QCOMPARE(allUpkeep(history), HistoryDatabase::Upkeep::Done);
            QVERIFY(!bytesOf(file()).contains("marker"));
            QVERIFY(!bytesOf(file() + u"-wal"_s).contains("marker"));
            *masks.count = 0;
            history.resumeMasking();
            QVERIFY(!history.isMasking());
            QCOMPARE(history.search(u"masked"_s, 2 * tasks)->size(), tasks);
        }
        // Of other rules, nothing is done yet.
        masks.rules->set(u"Create policy"_s, SecretRule::MaskAll);
        HistoryDatabase history(file(), masks.functions);
        QVERIFY(history.open(at(0)));
        history.resumeMasking();
        *masks.count = 0;
        QCOMPARE(allUpkeep(history), HistoryDatabase::Upkeep::Done);
        QVERIFY(*masks.count >= tasks);
    }

    void whatIsWrittenDoesNotWaitForTheMasking()
    {
        constexpr int tasks = 1000;
        const Masks masks;
        {
            HistoryDatabase history(file(), maskingNothing());
            QVERIFY(history.open(at(0)));
            QVERIFY(history.write(secrets(tasks)));
        }
        // The masking stands still at its first reply until something was handed over.
        const auto begun = std::make_shared<std::atomic<bool>>(false);
        const auto goOn = std::make_shared<std::atomic<bool>>(false);
        const auto maskedBefore = std::make_shared<std::atomic<int>>(-1);
        HistoryFunctions functions = masks.functions;
        functions.mask = [=, mask = functions.mask, count = masks.count](const QByteArray &json,
                                                                         const QString &action) {
            if (json.contains("new") && *maskedBefore < 0)
                *maskedBefore = int(*count);
            *begun = true;
            while (!*goOn)
                QThread::yieldCurrentThread();
            return mask(json, action);
        };
        ManualClock clock;
        {
            HistoryStore store(file(), functions, clock);
            int saves = 0;
            QObject::connect(&store, &HistoryStore::saved, &store, [&saves] { ++saves; });
            store.setRetention({0, 0});
            store.open();
            QTRY_VERIFY_WITH_TIMEOUT(*begun, diskPatience);
            store.save({record(u"new"_s, R"({"action":"new"})")});
            clock.advance(HistoryStore::batchDelay);
            *goOn = true;
            QTRY_COMPARE_WITH_TIMEOUT(saves, 1, diskPatience);
        }
        QVERIFY2(*maskedBefore > 0 && *maskedBefore <= 300,
                 qPrintable(QString::number(*maskedBefore)));
    }

    /// Somebody else, who reads, keeps the journal as it is.
    void theJournalIsEmptiedWhenNobodyReadsIt()
    {
        const Masks masks;
        {
            HistoryDatabase history(file(), maskingNothing());
            QVERIFY(history.open(at(0)));
            QVERIFY(history.write(secrets(10)));
        }
        const QString journal = file() + u"-wal"_s;
        const auto mark = [this] {
            QString text;
            execAt(file(), [&text](QSqlQuery &query) {
                QVERIFY(query.exec(u"SELECT what FROM upkeep WHERE what LIKE 'masked by %'"_s));
                text = query.next() ? query.value(0).toString() : QString();
            });
            return text;
        };
        // A change in the journal that has a secret, and a reader of the state before.
        execAt(file(), [](QSqlQuery &query) {
            QVERIFY(query.exec(u"PRAGMA journal_mode = WAL"_s));
            query.finish();
        });
        Connection reader(file());
        QVERIFY(reader.ask(u"BEGIN"_s).isValid());
        QCOMPARE(reader.ask(u"SELECT count(*) FROM reply"_s).toInt(), 10);
        ManualClock clock;
        for (int round = 0; round < 2; ++round) {
            HistoryStore store(file(), masks.functions, clock);
            store.setRetention({0, 0});
            int saves = 0;
            QObject::connect(&store, &HistoryStore::saved, &store, [&saves] { ++saves; });
            store.open();
            QTRY_VERIFY_WITH_TIMEOUT(mark().contains(u" up to 10"_s), diskPatience);
            store.save({record(u"new"_s)}); // goes on
            QTRY_VERIFY_WITH_TIMEOUT((clock.advance(HistoryStore::batchDelay), saves > 0),
                                     diskPatience);
            clock.advance(HistoryStore::retryDelay);
            QVERIFY(mark().contains(u" up to "_s));
            QVERIFY(bytesOf(file()).contains("marker"));
            if (round == 0)
                continue; // the next start goes on
            QVERIFY(reader.ask(u"COMMIT"_s).isValid());
            QTRY_VERIFY_WITH_TIMEOUT(
                (clock.advance(HistoryStore::retryDelay), !mark().contains(u" up to "_s)),
                diskPatience);
            QVERIFY(mark().startsWith(u"masked by "_s));
            QVERIFY(!bytesOf(file()).contains("marker"));
            QVERIFY(!bytesOf(journal).contains("marker"));
        }
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
            history.maskKept();
            QCOMPARE(allUpkeep(history), HistoryDatabase::Upkeep::Done);
        }
        for (const auto suffix : {""_L1, "-wal"_L1})
            QVERIFY(!bytesOf(file() + suffix).contains("marker"));
    }

    void theHeadOfALargeReplyStaysOne()
    {
        TaskRecord one = record(u"large"_s);
        ReplyData head = *one.reply;
        head.isHead = true;
        head.body = head.body.whole() + QByteArray(ReplyData::headSize - head.body.size(), ' ');
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
