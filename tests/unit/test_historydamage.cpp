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
    void randomDamageLosesNothingSilently();
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

void TestHistoryDamage::randomDamageLosesNothingSilently()
{
    fill(40);
    const QByteArray whole = bytesOf(file());
    QRandomGenerator random(7);
    int said = 0;
    qsizetype kept = 0;
    for (int round = 0; round < 100; ++round) {
        QByteArray damaged = whole;
        for (int i = 0; i < 20; ++i)
            damaged[qsizetype(random.bounded(quint32(damaged.size())))] = char(random.bounded(256));
        put(file(), damaged);
        {
            Run run(file());
            QVERIFY(run.open());
            // Either all are there (the damage hit nothing but their own texts), or it is said.
            QVERIFY2(run.records.size() == 40 || !run.errors.isEmpty(),
                     qPrintable(QString::number(round)));
            said += run.errors.isEmpty() ? 0 : 1;
            kept += run.records.size();
            for (const HistoryError &error : std::as_const(run.errors)) {
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
    qInfo("%d of 100 damages said, %lld of 4000 tasks read", said, static_cast<long long>(kept));
    QVERIFY(said > 50);
    QVERIFY(kept > 2'000);
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
        QTRY_COMPARE(run.errors.size(), time);
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
        QTRY_COMPARE(run.errors.size(), 1);
        QCOMPARE(run.errors.first().kind, Kind::DiskFull);
        run.clock.advance(HistoryStore::retryDelay);
        run.store.save({record(u"meanwhile"_s)});
        QVERIFY(QFile::remove(ballast));
        const int before = run.saves;
        QTRY_VERIFY((run.clock.advance(HistoryStore::retryDelay), run.saves > before));
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
