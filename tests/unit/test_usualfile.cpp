#include "history/usualfile.h"
#include "manualclock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestUsualFile final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void keepsWhatTasksTaught()
    {
        const UsualFile::Lessons lessons{
            {{ServerId::create(), TaskId(u"a"_s)},
             u"Publish policy"_s,
             90s,
             {{u"Resolve"_s, 1'500ms}, {u"Resolve"_s, 2s}}},
            {{ServerId::create(), TaskId(u"b"_s)}, u"Migrate data"_s, {}, {{u"Copy"_s, 1ms}}}};
        QVERIFY(UsualFile(m_folder->path(), m_clock).save(lessons));
        const auto loaded = UsualFile(m_folder->path(), m_clock).load();
        QVERIFY(loaded);
        QCOMPARE(*loaded, lessons);
        QCOMPARE(QFile::permissions(path()) & QFile::Permissions(0x0077), QFile::Permissions());
    }

    void withoutAFileThereIsNothing()
    {
        const auto loaded = UsualFile(m_folder->path(), m_clock).load();
        QVERIFY(loaded);
        QVERIFY(loaded->empty());
    }

    void whatNoTaskCanHaveTaughtIsLeftOut()
    {
        const QByteArray server = ServerId::create().text().toLatin1();
        write(R"({"version":1,"tasks":[
            {"server":"nobody","task":"a","action":"A","run":1,"steps":[]},
            {"server":")"
              + server + R"(","task":"","action":"A","run":1,"steps":[]},
            {"server":")"
              + server + R"(","task":"a","action":"","run":1,"steps":[]},
            {"server":")"
              + server + R"(","task":"b","action":"A","run":-5,"steps":[]},
            {"server":")"
              + server + R"(","task":"c","action":"A","run":"7","steps":7},
            7, null, {},
            {"server":")"
              + server + R"(","task":"d","action":"A","run":9,
             "steps":[{"name":"s","took":0},{"name":"t","took":4},{}]}]})");
        const auto loaded = UsualFile(m_folder->path(), m_clock).load();
        QVERIFY(loaded);
        QCOMPARE(loaded->size(), std::size_t(1));
        QCOMPARE(loaded->front().run, 9ms);
        QCOMPARE(loaded->front().steps, (decltype(loaded->front().steps){{u"t"_s, 4ms}}));
    }

    void aDamagedFileIsSaidAndSetAside()
    {
        write("{");
        QVERIFY(!UsualFile(m_folder->path(), m_clock, JsonFile::Damaged::Leave).load());
        QVERIFY(QFile::exists(path()));
        UsualFile file(m_folder->path(), m_clock);
        QVERIFY(!file.load());
        QVERIFY(!QFile::exists(path()));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 1);
        QVERIFY(file.save({}));
    }

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"usual.json"_s); }
    void write(const QByteArray &bytes) const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    ManualClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestUsualFile)
#include "test_usualfile.moc"
