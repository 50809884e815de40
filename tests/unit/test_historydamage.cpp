#include "history/historydatabase.h"
#include "historyrun.h"

#include <QDir>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <sys/mount.h>

using namespace HistoryRun;
using Kind = HistoryError::Kind;

/// What goes wrong with a disk or a file: nothing is lost without a word, nothing is overwritten.
class TestHistoryDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whatCanBeReadIsTakenOver();
    void aDamagedHeaderIsMendedInACopy();
    void repliesThatCannotBeReadDoNotTakeTheirTasksAlong();
    void randomDamageLosesNothingSilently_data();
    void randomDamageLosesNothingSilently();
    void whatCannotBeReadStaysAndIsSaid_data();
    void whatCannotBeReadStaysAndIsSaid();
    void aDamagedTaskIsNotPruned();
    void whatBreaksInUseIsSetAside();
    void aKillWhileItIsSetAsideLosesNothing();
    void theSecondDamageIsSaidToo();
    void aFullDiskIsSaidAndTriedAgain();
    void aFullDiskAtTheStartShowsWhatIsKept();

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"history.db"_s); }
    [[nodiscard]] QStringList setAside() const
    {
        return QDir(m_dir->path()).entryList({u"history.db.damaged-*"_s});
    }
    void fill(int tasks, qsizetype bytes = 10) const;
    [[nodiscard]] QHash<TaskKey, TaskRecord> fillRich(int tasks, qsizetype first = 50) const;
    void damage(qsizetype from, qsizetype to) const;

    std::unique_ptr<QTemporaryDir> m_dir;
};

namespace {

/// A file system of its own, so small that it fills up.
class SmallDisk
{
public:
    SmallDisk(const QString &path, const char *size)
        : m_path(path.toLocal8Bit())
        , m_mounted(::mount("none", m_path.constData(), "tmpfs", 0,
                            QByteArray("size=").append(size).constData())
                    == 0)
    {
    }
    ~SmallDisk()
    {
        if (m_mounted)
            ::umount2(m_path.constData(), MNT_DETACH);
    }
    Q_DISABLE_COPY_MOVE(SmallDisk)

    [[nodiscard]] bool isThere() const { return m_mounted; }
    /// Takes all room that is left.
    [[nodiscard]] bool fillUp(const QString &ballast) const
    {
        QFile file(ballast);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            return false;
        while (file.write(QByteArray(512, 'x')) > 0) {
        }
        return true;
    }

private:
    QByteArray m_path;
    bool m_mounted;
};

} // namespace

void TestHistoryDamage::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

void TestHistoryDamage::fill(int tasks, qsizetype bytes) const
{
    Run run(file());
    QVERIFY(run.open());
    QList<TaskRecord> records;
    for (int i = 0; i < tasks; ++i) {
        records.append(record(QString::number(i), R"({"action":"Create policy","result":")"
                                                      + QByteArray(bytes, char('a' + i % 20))
                                                      + R"("})"));
        records.last().label = u"label %1"_s.arg(i);
    }
    run.store.save(records);
    QVERIFY(run.commit());
}

void TestHistoryDamage::damage(qsizetype from, qsizetype to) const
{
    QByteArray bytes = bytesOf(file());
    for (qsizetype i = from; i < std::min(to, bytes.size()); ++i)
        bytes[i] = char(i * 7 + 3);
    put(file(), bytes);
}

void TestHistoryDamage::whatCanBeReadIsTakenOver()
{
    fill(500, 2'000);
    const QByteArray whole = bytesOf(file());
    // Of three stretches in the middle nothing is left.
    for (const int part : {3, 5, 8})
        damage(whole.size() / 10 * part, whole.size() / 10 * part + 30'000);
    const QByteArray damaged = bytesOf(file());
    qsizetype salvaged = 0;
    {
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.errors.size(), 1);
        QCOMPARE(run.errors.first().kind, Kind::Damaged);
        salvaged = run.records.size();
        QVERIFY2(salvaged > 250 && salvaged <= 500, qPrintable(QString::number(salvaged)));
        QVERIFY2(run.errors.first().nextStep.contains(QString::number(salvaged)),
                 qPrintable(run.errors.first().nextStep));
        for (const TaskRecord &one : std::as_const(run.records)) {
            QCOMPARE(one.label, u"label "_s + one.key.task.text());
            if (one.snapshot)
                QCOMPARE(one.reply->body.size(), 2'000 + 38);
        }
        QCOMPARE(setAside().size(), 1);
        QCOMPARE(bytesOf(m_dir->filePath(setAside().constFirst())), damaged);
        run.store.save({record(u"new"_s)});
        QVERIFY(run.commit());
        QCOMPARE(run.search(u"label"_s).size(), salvaged);
    }
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(run.errors.isEmpty());
    QCOMPARE(run.records.size(), salvaged + 1);
}

void TestHistoryDamage::aDamagedHeaderIsMendedInACopy()
{
    fill(30);
    damage(0, 60);
    const QByteArray damaged = bytesOf(file());
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.errors.size(), 1);
    QCOMPARE(run.errors.first().kind, Kind::Damaged);
    QCOMPARE(run.records.size(), 30);
    QCOMPARE(setAside().size(), 1);
    QCOMPARE(bytesOf(m_dir->filePath(setAside().constFirst())), damaged);
}

void TestHistoryDamage::repliesThatCannotBeReadDoNotTakeTheirTasksAlong()
{
    fill(10, 30'000);
    // The long replies lie in pages of their own, at the end.
    const qsizetype size = bytesOf(file()).size();
    damage(size - 150'000, size - 120'000);
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(!run.records.isEmpty());
    qsizetype bare = 0;
    for (const TaskRecord &one : std::as_const(run.records)) {
        QVERIFY(!one.label.isEmpty());
        bare += one.reply || one.strangeReply ? 0 : 1;
    }
    QVERIFY(bare > 0);
    QCOMPARE(run.errors.first().kind, Kind::Damaged);
    QVERIFY2(
        run.errors.first().nextStep.contains(u"%1 of them with label and state only"_s.arg(bare)),
        qPrintable(run.errors.first().nextStep));
}

/// Tasks that have something of all that is kept.
QHash<TaskKey, TaskRecord> TestHistoryDamage::fillRich(int tasks, qsizetype first) const
{
    QHash<TaskKey, TaskRecord> kept;
    Run run(file());
    if (!run.open())
        return kept;
    for (int i = 0; i < tasks; ++i) {
        const QByteArray number = QByteArray::number(i);
        TaskRecord one =
            record(QString::number(i), R"({"action":"Create policy","percent":)" + number
                                           + R"(,"steps":["a","b"],"result":")"
                                           + QByteArray(i > 0 ? 50 : first, 'r') + R"("})");
        auto snapshot = std::make_shared<TaskSnapshot>(*one.snapshot);
        snapshot->steps.at(1).startedAt = at(i);
        snapshot->steps.at(1).startSeen = true;
        one.snapshot = snapshot;
        one.label = u"label %1"_s.arg(i);
        one.note = u"Asked Anna"_s;
        one.tags = QStringList{u"one"_s, u"two"_s};
        one.outcome = Outcome((i + 2) % (int(Outcome::Unreadable) + 1));
        one.notified = Outcome::Stalled;
        one.changedAt = at(1'000 + i);
        one.checkedAt = at(2'000 + i);
        one.endedAt = at(3'000 + i);
        one.muted = i % 2;
        one.quietFor = std::chrono::minutes{12};
        one.troubles = {{PollError::Kind::Unreachable, at(5), at(6 + i)}};
        if (i % 3 == 0)
            one.strangeReply = std::make_shared<const ReplyData>(
                HistoryProbe::reply("<p>Bad gateway " + QByteArray(i, 'g') + "</p>"));
        kept.insert(one.key, one);
    }
    run.store.save(kept.values());
    return run.commit() ? kept : QHash<TaskKey, TaskRecord>();
}

void TestHistoryDamage::randomDamageLosesNothingSilently_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<int>("rounds");
    QTest::newRow("much of it") << 20 << 100;
    QTest::newRow("a byte, which SQLite seldom notices") << 1 << 50;
}

void TestHistoryDamage::randomDamageLosesNothingSilently()
{
    QFETCH(const int, bytes);
    QFETCH(const int, rounds);
    const QHash<TaskKey, TaskRecord> expected = fillRich(40);
    QCOMPARE(expected.size(), 40);
    const QByteArray whole = bytesOf(file());
    QRandomGenerator random(7);
    int said = 0;
    int altered = 0; // and SQLite saw nothing
    qsizetype kept = 0;
    for (int round = 0; round < rounds; ++round) {
        QByteArray damaged = whole;
        for (int i = 0; i < bytes; ++i) {
            auto place = qsizetype(random.bounded(quint32(damaged.size())));
            if (bytes == 1) // in what is kept of a task
                place = whole.indexOf("Asked Anna", place) + random.bounded(-60, 60);
            damaged[std::max<qsizetype>(0, place)] = char(random.bounded(256));
        }
        put(file(), damaged);
        {
            Run run(file());
            QVERIFY(run.open());
            qsizetype asTheyWere = 0;
            for (const TaskRecord &one : std::as_const(run.records)) {
                const auto before = expected.constFind(one.key);
                asTheyWere += before != expected.cend() && same(one, *before) ? 1 : 0;
            }
            // Either all are as they were (the damage hit nothing of them), or it is said.
            QVERIFY2((asTheyWere == 40 && run.records.size() == 40) || !run.errors.isEmpty(),
                     qPrintable(QString::number(round)));
            said += run.errors.isEmpty() ? 0 : 1;
            kept += asTheyWere;
            for (const HistoryError &error : std::as_const(run.errors)) {
                altered += error.kind == Kind::Partly ? 1 : 0;
                if (error.kind == Kind::Foreign || error.kind == Kind::Newer)
                    QCOMPARE(bytesOf(file()), damaged);
            }
            const QStringList aside = setAside();
            for (const QString &name : aside)
                QCOMPARE(bytesOf(m_dir->filePath(name)), damaged);
        }
        const QStringList files = QDir(m_dir->path()).entryList(QDir::Files);
        for (const QString &name : files)
            QVERIFY(QFile::remove(m_dir->filePath(name)));
    }
    qInfo("%d of %d damages said, %d of them of contents; %lld of %d tasks as they were", said,
          rounds, altered, static_cast<long long>(kept), rounds * 40);
    QVERIFY(bytes == 1 ? altered > 10 : said > 50);
    QVERIFY(kept > rounds * 20);
}

void TestHistoryDamage::whatCannotBeReadStaysAndIsSaid_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("stays"); // what can be read of it is less
    const auto add = [](const char *name, const QString &table, const QString &column,
                        const QString &value, bool stays = true) {
        QTest::newRow(name) << table << column << value << stays;
    };
    add("an outcome", u"task"_s, u"outcome"_s, u"'odd'"_s);
    add("what was told", u"task"_s, u"notified"_s, u"'odd'"_s);
    add("no time", u"task"_s, u"changed_at"_s, u"'odd'"_s);
    add("a time far away", u"task"_s, u"checked_at"_s, u"9000000000000000000"_s);
    add("a time that was another", u"task"_s, u"ended_at"_s, u"1770000000777"_s, false);
    add("no span", u"task"_s, u"quiet_ms"_s, u"'odd'"_s);
    add("periods of trouble", u"task"_s, u"troubles"_s, u"'odd 1770000000005'"_s);
    add("a label", u"task"_s, u"label"_s, u"'labex'"_s, false);
    add("no label", u"task"_s, u"label"_s, u"NULL"_s, false);
    add("a flag", u"task"_s, u"muted"_s, u"1"_s, false);
    add("times of sight", u"reply"_s, u"sights"_s, u"CAST('1 odd -' AS BLOB)"_s);
    add("a strange reply", u"strange"_s, u"body"_s, u"CAST('odd' AS BLOB)"_s);
    add("a strange reply that does not unpack", u"strange"_s, u"body"_s,
        u"x'0000ffff00', compressed = 1"_s);
    add("a reply that does not unpack", u"reply"_s, u"body"_s, u"x'0000ffff00'"_s);
    add("a reply that is no JSON", u"reply"_s, u"body"_s, u"CAST('odd' AS BLOB), compressed = 0"_s);
}

void TestHistoryDamage::whatCannotBeReadStaysAndIsSaid()
{
    QFETCH(const QString, table);
    QFETCH(const QString, column);
    QFETCH(const QString, value);
    QFETCH(const bool, stays);
    QHash<TaskKey, TaskRecord> expected = fillRich(2, 1'100'000); // the first is packed
    const TaskKey damaged = key(u"0"_s);
    const QString id = table == "task"_L1 ? u"id"_s : u"task_id"_s;
    const QString place = u" WHERE %1 = (SELECT id FROM task WHERE task = '0')"_s.arg(id);
    const auto stored = [&] {
        return Connection(file()).ask(u"SELECT %1 FROM %2"_s.arg(column, table) + place);
    };
    if (value == "NULL"_L1) { // as a byte of the row may say, whatever the table forbids
        const Connection schema(file());
        QVERIFY(schema.ask(u"PRAGMA writable_schema = ON"_s).toBool());
        QVERIFY(schema
                    .ask(u"UPDATE sqlite_schema SET sql ="
                         " replace(sql, '%1 TEXT NOT NULL', '%1 TEXT')"_s.arg(column))
                    .toBool());
    }
    QVERIFY(Connection(file())
                .ask(u"UPDATE %1 SET %2 = %3"_s.arg(table, column, value) + place)
                .toBool());
    const QVariant odd = stored();
    for (int start = 0; start < 2; ++start) {
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.records.size(), 2);
        QVERIFY(same(*run.find(u"1"_s), expected.value(key(u"1"_s))));
        const TaskRecord *one = run.find(u"0"_s);
        QVERIFY(one && !same(*one, expected.value(damaged)));
        if (column != "label"_L1)
            QCOMPARE(one->label, u"label 0"_s);
        QCOMPARE(one->note, u"Asked Anna"_s); // what can be read is there
        if (start > 0 && !stays)
            break; // what could be read, and was said, was kept so
        QCOMPARE(run.errors.size(), 1);
        QCOMPARE(run.errors.first().kind, Kind::Partly);
        QVERIFY2(run.errors.first().nextStep.contains(u"be read: 0."_s),
                 qPrintable(run.errors.first().nextStep));
        TaskRecord next = *one;
        next.acknowledged = start == 0;
        run.store.save({next});
        QVERIFY(run.commit());
        if (stays)
            QCOMPARE(stored(), odd);
        QCOMPARE(run.search(u"create policy"_s).size(), 2);
    }
    {
        Run run(file());
        QVERIFY(run.open());
        TaskRecord known = expected.value(damaged);
        known.notified = Outcome::Failed;
        known.quietFor = std::chrono::minutes{1};
        known.outcome = Outcome::Failed;
        known.reply = std::make_shared<const ReplyData>(HistoryProbe::reply(R"({"action":"new"})"));
        known.snapshot = record(u"0"_s, known.reply->body.whole()).snapshot;
        known.changedAt = known.checkedAt = known.endedAt = at(9'000);
        run.store.save({known});
        QVERIFY(run.commit());
        expected.insert(damaged, known);
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.errors, QList<HistoryError>());
    QVERIFY(same(*run.find(u"0"_s), expected.value(damaged)));
}

/// Its time, its end and its pin may be wrong.
void TestHistoryDamage::aDamagedTaskIsNotPruned()
{
    QVERIFY(!fillRich(5).isEmpty()); // of them, the last three are final
    QVERIFY(Connection(file()).ask(u"UPDATE task SET kept_since = 0"_s).toBool());
    QVERIFY(Connection(file())
                .ask(u"UPDATE task SET label = 'odd', outcome = 'failed' WHERE task = '2'"_s)
                .toBool());
    Run run(file());
    run.store.setRetention({1, 0});
    QVERIFY(run.open());
    QTRY_COMPARE_WITH_TIMEOUT(run.dropped, (QList<TaskKey>{key(u"3"_s), key(u"4"_s)}),
                              diskPatience);
    QVERIFY(run.find(u"2"_s));
}

void TestHistoryDamage::whatBreaksInUseIsSetAside()
{
    fill(300, 15'000); // more than SQLite holds in memory
    {
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.records.size(), 300);
        // Beneath its feet: every page but the first.
        QFile direct(file());
        QVERIFY(direct.open(QIODevice::ReadWrite));
        QVERIFY(direct.seek(4096));
        direct.write(QByteArray(direct.size() - 4096, '\xee'));
        direct.close();
        for (const TaskRecord &one : std::as_const(run.records))
            run.store.remove({one.key});
        run.store.save({record(u"new"_s)});
        QVERIFY(run.commit());
        QCOMPARE(run.errors.size(), 1);
        QCOMPARE(run.errors.first().kind, Kind::Damaged);
        QCOMPARE(setAside().size(), 1);
        // Those in memory are still known: whoever holds them, saves them again.
        run.store.save(run.records);
        QVERIFY(run.commit());
    }
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(run.errors.isEmpty());
    QVERIFY(run.find(u"new"_s));
    QVERIFY(run.find(u"0"_s) && run.find(u"0"_s)->reply);
    QVERIFY(run.find(u"299"_s) && run.find(u"299"_s)->reply);
}

void TestHistoryDamage::aKillWhileItIsSetAsideLosesNothing()
{
    fill(30);
    damage(0, 60);
    const QByteArray damaged = bytesOf(file());
    // What a killed run may have left.
    put(file() + u".new"_s, "half");
    put(file() + u".mended"_s, "half");
    // While it is copied, it is where the next start looks for it.
    HistoryFunctions functions = HistoryProbe::functions();
    const auto looked = std::make_shared<int>(0);
    functions.mask = [this, damaged, looked](const QByteArray &json, const QString &action) {
        *looked += bytesOf(file()) == damaged ? 1 : 0;
        return HistoryProbe::functions().mask(json, action);
    };
    {
        HistoryDatabase database(file(), functions);
        const auto opened = database.open(at(0));
        QVERIFY(!opened && opened.error().kind == Kind::Damaged && database.isWritable());
        QCOMPARE(*looked, 30);
    }
    QCOMPARE(QDir(m_dir->path()).entryList(QDir::Files),
             (QStringList{u"history.db"_s, setAside().value(0)}));
    // Killed between its losing and the new one's getting the name.
    QVERIFY(QFile::rename(file(), file() + u".new"_s));
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.errors, QList<HistoryError>());
    QCOMPARE(run.records.size(), 30);
    QVERIFY(!QFile::exists(file() + u".new"_s));
}

void TestHistoryDamage::theSecondDamageIsSaidToo()
{
    Run run(file());
    QVERIFY(run.open());
    for (int time = 1; time <= 2; ++time) {
        QList<TaskRecord> many;
        for (int i = 0; i < 300; ++i)
            many.append(record(QString::number(i),
                               R"({"action":"x","result":")" + QByteArray(15'000, 'x') + R"("})"));
        run.store.save(many);
        QVERIFY(run.commit());
        QCOMPARE(Connection(file()).ask(u"PRAGMA wal_checkpoint(TRUNCATE)"_s).toInt(), 0);
        QFile direct(file());
        QVERIFY(direct.open(QIODevice::ReadWrite));
        QVERIFY(direct.seek(4096));
        direct.write(QByteArray(direct.size() - 4096, '\xee'));
        direct.close();
        // A search meets it, and nothing was written since the first was told.
        static_cast<void>(run.search(u"x"_s));
        run.store.setRetention({1'000 + time, 0});
        QTRY_COMPARE_WITH_TIMEOUT(run.errors.size(), time, diskPatience);
        QCOMPARE(run.errors.last().kind, Kind::Damaged);
        QCOMPARE(setAside().size(), time);
    }
    QVERIFY(run.errors.first().nextStep != run.errors.last().nextStep);
}

void TestHistoryDamage::aFullDiskIsSaidAndTriedAgain()
{
    const SmallDisk disk(m_dir->path(), "3m");
    if (!disk.isThere())
        QSKIP("Only root may mount a small disk.");
    const QString ballast = m_dir->filePath(u"ballast"_s);
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({record(u"before"_s)});
        QVERIFY(run.commit());
        QVERIFY(disk.fillUp(ballast));
        QList<TaskRecord> many;
        for (int i = 0; i < 200; ++i)
            many.append(record(QString::number(i),
                               R"({"action":"x","result":")" + QByteArray(3'000, 'y') + R"("})"));
        run.store.save(many);
        run.clock.advance(HistoryStore::batchDelay);
        QTRY_COMPARE_WITH_TIMEOUT(run.errors.size(), 1, diskPatience);
        QCOMPARE(run.errors.first().kind, Kind::DiskFull);
        run.clock.advance(HistoryStore::retryDelay);
        run.store.save({record(u"meanwhile"_s)});
        QVERIFY(QFile::remove(ballast));
        const int before = run.saves;
        QTRY_VERIFY_WITH_TIMEOUT((run.clock.advance(HistoryStore::retryDelay), run.saves > before),
                                 diskPatience);
    }
    QCOMPARE(Connection(file()).ask(u"PRAGMA integrity_check"_s).toString(), u"ok"_s);
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(run.errors.isEmpty());
    QCOMPARE(run.records.size(), 202);
}

void TestHistoryDamage::aFullDiskAtTheStartShowsWhatIsKept()
{
    const SmallDisk disk(m_dir->path(), "1m");
    if (!disk.isThere())
        QSKIP("Only root may mount a small disk.");
    fill(5);
    const QByteArray before = bytesOf(file());
    QVERIFY(disk.fillUp(m_dir->filePath(u"ballast"_s)));
    {
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.records.size(), 5);
        if (run.errors.isEmpty()) // all the room that it needs so far was there
            QSKIP("The file system lets a journal be made without room.");
        QVERIFY(run.errors.first().kind == Kind::DiskFull
                || run.errors.first().kind == Kind::Failed);
        QVERIFY(!run.errors.first().headline.isEmpty());
    }
    QCOMPARE(bytesOf(file()), before);
}

QTEST_GUILESS_MAIN(TestHistoryDamage)
#include "test_historydamage.moc"
