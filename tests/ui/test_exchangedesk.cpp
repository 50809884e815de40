#include "exchange/exchangedesk.h"
#include "exchange/exportdialog.h"
#include "manualclock.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "widgetfinder.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QPointer>
#include <QProgressDialog>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;

/// Files of tasks, asked for in the window.
class TestExchangeDesk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void whatHoldsNoTaskCannotBeChosen();
    void theScopeCounts();
    void whatIsWrittenComesBack();
    void whatIsKnownStaysAsItIs();
    void aLongExportCanBeCancelled();
    void whatFailsIsSaid();
    void ofOtherServersIsSaid();
    void theDialogIsReachable();

private:
    struct Room {
        ManualClock clock;
        TaskStore store{clock};
        TaskTableModel model{store, clock};
        TaskTableView table{model, clock};
        ExchangeDesk desk{store, model, table, clock};
        ServerId server = ServerId::create();
    };
    std::unique_ptr<Room> m_room;
    QTemporaryDir m_folder;
};

void TestExchangeDesk::init()
{
    m_room = std::make_unique<Room>();
    Room &room = *m_room;
    connect(&room.store, &TaskStore::added, &room.model, &TaskTableModel::onAdded);
    connect(&room.store, &TaskStore::removed, &room.model, &TaskTableModel::onRemoved);
    room.desk.setServers(
        {{room.server, u"Production"_s, QUrl(u"https://guardian.example/api/v1"_s)}});
    room.store.watch({{room.server, TaskId(u"a"_s)},
                      {room.server, TaskId(u"b"_s)},
                      {room.server, TaskId(u"c"_s)}});
    QCOMPARE(room.model.rowCount(), 3);
}

void TestExchangeDesk::cleanup()
{
    m_room.reset();
}

void TestExchangeDesk::whatHoldsNoTaskCannotBeChosen()
{
    ExportDialog some({0, 2, 5});
    QCOMPARE(some.scope(), ExportDialog::Scope::Shown);
    QCOMPARE(some.format(), ExportFormat::Markdown);
    const auto buttons = some.findChildren<QRadioButton *>();
    QCOMPARE(buttons.size(), 6);
    QVERIFY(!buttons.first()->isEnabled());
    QVERIFY(buttons.at(1)->text().contains(u"(2)"_s));
    ExportDialog none({0, 0, 0});
    const auto pushes = none.findChildren<QPushButton *>();
    QVERIFY(std::any_of(pushes.begin(), pushes.end(),
                        [](const QPushButton *each) { return !each->isEnabled(); }));
}

void TestExchangeDesk::theScopeCounts()
{
    Room &room = *m_room;
    QSignalSpy said(&room.desk, &ExchangeDesk::said);
    room.table.selectRow(0);
    const auto tasksIn = [this](const QString &name) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly)
                   ? QJsonDocument::fromJson(file.readAll())["tasks"_L1].toArray().size()
                   : -1;
    };
    room.desk.write(ExportDialog::Scope::Selected, ExportFormat::Json,
                    m_folder.filePath(u"one.json"_s));
    QTRY_COMPARE(said.size(), 1);
    QCOMPARE(tasksIn(u"one.json"_s), 1);
    room.desk.write(ExportDialog::Scope::All, ExportFormat::Json, m_folder.filePath(u"all.json"_s));
    QTRY_COMPARE(said.size(), 2);
    QCOMPARE(tasksIn(u"all.json"_s), 3);
    QVERIFY(said.last().first().toString().contains(u"3 tasks"_s)
            || said.last().first().toString().contains(u"all.json"_s));
}

void TestExchangeDesk::whatIsWrittenComesBack()
{
    Room &room = *m_room;
    room.store.setLabel({room.server, TaskId(u"a"_s)}, u"mine"_s);
    QSignalSpy said(&room.desk, &ExchangeDesk::said);
    const QString path = m_folder.filePath(u"back.json"_s);
    room.desk.write(ExportDialog::Scope::Shown, ExportFormat::Json, path);
    QTRY_COMPARE(said.size(), 1);
    room.store.unwatch({{room.server, TaskId(u"a"_s)}, {room.server, TaskId(u"b"_s)}});
    room.desk.read(path);
    QTRY_COMPARE(said.size(), 3); // that it begins, and how it went
    QCOMPARE(room.store.size(), 3);
    QCOMPARE(room.store.find({room.server, TaskId(u"a"_s)})->label, u"mine"_s);
    const QString words = said.last().first().toString();
    QVERIFY2(words.contains(u"1 was here already"_s), qPrintable(words));
}

void TestExchangeDesk::whatIsKnownStaysAsItIs()
{
    Room &room = *m_room;
    const TaskKey known{room.server, TaskId(u"a"_s)};
    const TaskKey gone{room.server, TaskId(u"b"_s)};
    for (const TaskKey &key : {known, gone}) {
        room.store.setLabel(key, u"of the file"_s);
        room.store.setNote(key, u"of the file"_s);
        room.store.setTags(key, {u"file"_s});
        room.store.setPaused({key}, true);
        room.store.setPinned({key}, true);
        room.store.setMuted({key}, true);
    }
    QSignalSpy said(&room.desk, &ExchangeDesk::said);
    const QString path = m_folder.filePath(u"known.json"_s);
    room.desk.write(ExportDialog::Scope::All, ExportFormat::Json, path);
    QTRY_COMPARE(said.size(), 1);
    room.store.unwatch({known, gone});
    room.store.watch({known}); // as a run knows it in which nobody has said anything of it
    const QSignalSpy changed(&room.store, &TaskStore::changed);
    room.desk.read(path);
    QTRY_COMPARE(said.size(), 3);
    QCOMPARE(said.last().first().toString(),
             u"Imported 1 task. 2 were here already and stay as they are."_s);
    QCOMPARE(changed.size(), 0);
    const TaskRecord &same = *room.store.find(known);
    QCOMPARE(same.label, QString());
    QCOMPARE(same.note, QString());
    QCOMPARE(same.tags, QStringList());
    QVERIFY(!same.paused && !same.pinned && !same.muted);
    QCOMPARE(room.store.find(gone)->note, u"of the file"_s);
}

/// In the middle, by its dialog: what was there before is there, and nothing beside it.
void TestExchangeDesk::aLongExportCanBeCancelled()
{
    Room &room = *m_room;
    // Seconds of work on any machine, of which it comes to do the least part.
    auto snapshot = std::make_shared<TaskSnapshot>();
    TaskStep step;
    step.name = u"Mint"_s;
    step.startedAt = room.clock.now().wall;
    step.finishedAt = room.clock.now().wall.addSecs(90);
    snapshot->steps.assign(5'000, step);
    QList<TaskRecord> records;
    for (int i = 0; i < 500; ++i) {
        TaskRecord record;
        record.key = {room.server, TaskId(u"long-%1"_s.arg(i))};
        record.snapshot = snapshot;
        records << record;
    }
    room.store.load(records);
    room.table.show();
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"long.md"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("before") > 0);
    file.close();
    QSignalSpy said(&room.desk, &ExchangeDesk::said);
    room.desk.write(ExportDialog::Scope::All, ExportFormat::Markdown, file.fileName());
    const QPointer<QProgressDialog> dialog = room.table.window()->findChild<QProgressDialog *>();
    QTRY_VERIFY_WITH_TIMEOUT(dialog && dialog->isVisible() && dialog->value() > 0, 20'000);
    QCOMPARE(dialog->maximum(), 503);
    QVERIFY(dialog->value() < dialog->maximum());
    QVERIFY(said.isEmpty());
    button(*dialog, u"Cancel"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(said.size(), 1, 20'000);
    QCOMPARE(said.first().first().toString(), u"Nothing was exported"_s);
    QTRY_VERIFY(!dialog);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"long.md"_s});
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("before"));
}

void TestExchangeDesk::whatFailsIsSaid()
{
    Room &room = *m_room;
    QSignalSpy failed(&room.desk, &ExchangeDesk::failed);
    room.desk.write(ExportDialog::Scope::All, ExportFormat::Csv,
                    m_folder.filePath(u"missing/x.csv"_s));
    QTRY_COMPARE(failed.size(), 1);
    room.desk.read(m_folder.filePath(u"nowhere.json"_s));
    QTRY_COMPARE(failed.size(), 2);
    QVERIFY(failed.last().first().toString().contains(u"nowhere.json"_s));
    QCOMPARE(room.store.size(), 3);
}

void TestExchangeDesk::ofOtherServersIsSaid()
{
    Room &room = *m_room;
    QSignalSpy said(&room.desk, &ExchangeDesk::said);
    QSignalSpy failed(&room.desk, &ExchangeDesk::failed);
    const QString path = m_folder.filePath(u"other.json"_s);
    room.desk.write(ExportDialog::Scope::All, ExportFormat::Json, path);
    QTRY_COMPARE(said.size(), 1);
    room.desk.setServers({});
    room.desk.read(path);
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(failed.last().first().toString().contains(u"guardian.example"_s));
}

void TestExchangeDesk::theDialogIsReachable()
{
    Room &room = *m_room;
    room.table.show();
    room.desk.openExport();
    auto *const dialog = room.table.window()->findChild<ExportDialog *>();
    QVERIFY(dialog && dialog->isVisible() && dialog->isModal());
    dialog->reject();
    QTRY_VERIFY(!room.table.window()->findChild<ExportDialog *>());
}

QTEST_MAIN(TestExchangeDesk)
#include "test_exchangedesk.moc"
