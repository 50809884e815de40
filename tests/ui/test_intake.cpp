#include "intake/intakedesk.h"
#include "intake/intakedialog.h"
#include "intake/intakeplan.h"
#include "manualclock.h"
#include "task/taskstore.h"
#include "widgetfinder.h"

#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QStringEncoder>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;

namespace {

const QString idA = u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s;
const QString idB = u"0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"_s;
const QString idC = u"11111111-2222-4333-8444-555555555555"_s;

bool nothingTracked(const TaskKey & /*key*/)
{
    return false;
}

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

class TestIntake final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void knowsNewTrackedAndForeignTasks();
    void defaultPortsAreTheSameSite();
    void saysWhatIsInAText();
    void readsFilesUpToALimit();
    void readsFilesOfOtherEncodings();

    void checksWhatIsNewAndShowsTheRest();
    void watchesWhatIsChecked();
    void nothingFoundOffersNothing();
    void followsTheText();
    void aLongTextIsShownInPart();

    void aTypedIdIsLookedUpAtOnce();
    void aTypedIdThatIsWatchedIsSelected();
    void severalTypedIdsAreShownFirst();
    void anAddressOfAnotherServerIsShownFirst();
    void badTextIsRefusedAndChangesNothing();
    void withoutAServerNothingIsTaken();
    void anAnswerGoesToItsAsker();
    void severalAnswersShowBesideTheirTask();
    void anUnknownTaskIsNotFound();
    void filesAndTextsAreDropped();
    void allThatIsDroppedIsTaken();
    void theDialogTakesFiles();

    void addressesBelongToTheServerOfTheirOrigin();
    void aTypedIdIsAskedForOnEachServer();
    void aTypedIdOnTwoServersIsChosenByThePerson();
    void aTypedIdThatNobodyKnowsIsSaid();
    void aSilentServerIsNamedInTheDialog();
    void pastedIdsFindTheirServers();
    void aServerCanBeChosenForBareIds();
    void disabledServersAreNotAsked();

private:
    [[nodiscard]] TaskKey key(const QString &id) const { return {m_server.id, TaskId(id)}; }
    [[nodiscard]] IntakeDialog *dialog() const { return m_window->findChild<IntakeDialog *>(); }
    [[nodiscard]] static QTreeWidget &rows(const IntakeDialog &dialog)
    {
        return *named<QTreeWidget>(dialog, u"Tasks found"_s);
    }
    [[nodiscard]] static QPlainTextEdit &text(const IntakeDialog &dialog)
    {
        return *named<QPlainTextEdit>(dialog, u"Text with task IDs"_s);
    }
    [[nodiscard]] PollOutcome running(const QString &id) const;
    /// The answer of that server: it knows the task, or not.
    [[nodiscard]] PollOutcome answerOf(const ShownServer &server, const QString &id,
                                       bool knows) const;

    ShownServer m_server{ServerId::create(), u"Production"_s,
                         QUrl(u"https://guardian.example/api/v1"_s)};
    ShownServer m_other{ServerId::create(), u"Testnet"_s,
                        QUrl(u"https://testnet.example/api/v1"_s)};
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<QWidget> m_window;
    IntakeDesk *m_desk = nullptr;
};

void TestIntake::init()
{
    m_clock = std::make_unique<ManualClock>();
    m_store = std::make_unique<TaskStore>(*m_clock);
    m_window = std::make_unique<QWidget>();
    m_window->show();
    m_desk = new IntakeDesk(*m_store, *m_clock, m_window.get());
    m_desk->setServers({m_server});
}

void TestIntake::cleanup()
{
    m_window.reset();
    m_store.reset();
    m_clock.reset();
}

PollOutcome TestIntake::running(const QString &id) const
{
    TaskSnapshot snapshot;
    snapshot.taskId = TaskId(id);
    snapshot.action = u"Publish policy"_s;
    snapshot.phase = TaskPhase::Running;
    PollOutcome outcome;
    outcome.key = key(id);
    outcome.sentAt = m_clock->now();
    outcome.answeredAt = m_clock->now();
    outcome.answer = ReadableAnswer(std::make_shared<const TaskSnapshot>(snapshot));
    outcome.reply = std::make_shared<const ReplyData>();
    outcome.httpStatus = 200;
    return outcome;
}

void TestIntake::knowsNewTrackedAndForeignTasks()
{
    const QString text =
        u"%1\nhttps://guardian.example/task/%2?last=x\nhttps://other.example/task/%3"_s.arg(
            idA, idB, idC);
    const IntakePlan plan =
        planIntake(text, {m_server}, [](const TaskKey &key) { return key.task.text() == idB; });
    QCOMPARE(plan.rows.size(), 3);
    QCOMPARE(plan.rows.at(0).kind, IntakeRow::Kind::New);
    QCOMPARE(plan.rows.at(1).kind, IntakeRow::Kind::Tracked);
    QCOMPARE(plan.rows.at(2).kind, IntakeRow::Kind::OtherServer);
    QCOMPARE(plan.rows.at(2).host, u"other.example"_s);
}

void TestIntake::defaultPortsAreTheSameSite()
{
    const QString text =
        u"https://guardian.example:443/task/%1 https://guardian.example:8443/task/%2"_s.arg(idA,
                                                                                            idB);
    const IntakePlan plan = planIntake(text, {m_server}, nothingTracked);
    QCOMPARE(plan.rows.size(), 2);
    QCOMPARE(plan.rows.at(0).kind, IntakeRow::Kind::New);
    QCOMPARE(plan.rows.at(1).kind, IntakeRow::Kind::OtherServer);
}

void TestIntake::saysWhatIsInAText()
{
    const IntakePlan empty = planIntake(u"nothing of use here"_s, {m_server}, nothingTracked);
    QVERIFY(empty.rows.isEmpty());
    QVERIFY(summaryOf(empty).contains(u"no task ID"_s));
    const IntakePlan two = planIntake(idA + u'\n' + idB, {m_server}, nothingTracked);
    QVERIFY(summaryOf(two).contains(u'2'));
}

void TestIntake::readsFilesUpToALimit()
{
    const QTemporaryDir folder;
    QVERIFY(write(folder.filePath(u"ids.txt"_s), idA.toLatin1()));
    QVERIFY(write(folder.filePath(u"big.txt"_s), QByteArray(1024 * 1024 + 1, 'x')));
    QVERIFY(write(folder.filePath(u"limit.txt"_s), QByteArray(1024 * 1024, 'x')));
    QCOMPARE(readIntakeFile(folder.filePath(u"ids.txt"_s)).value_or(QString()), idA);
    QVERIFY(readIntakeFile(folder.filePath(u"limit.txt"_s)));
    QVERIFY(!readIntakeFile(folder.filePath(u"big.txt"_s)));
    QVERIFY(!readIntakeFile(folder.filePath(u"missing.txt"_s)));
    QVERIFY(!readIntakeFile(folder.path()));
}

void TestIntake::readsFilesOfOtherEncodings()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"ids.txt"_s);
    for (const auto encoding : {QStringConverter::Utf8, QStringConverter::Utf16LE,
                                QStringConverter::Utf16BE, QStringConverter::Utf32LE}) {
        QStringEncoder encoder(encoding, QStringConverter::Flag::WriteBom);
        QVERIFY(write(path, encoder(idA + u"\r\n"_s + idB)));
        QCOMPARE(readIntakeFile(path).value_or(QString()), idA + u"\r\n"_s + idB);
        QCOMPARE(planIntake(*readIntakeFile(path), {m_server}, nothingTracked).rows.size(), 2);
    }
}

void TestIntake::checksWhatIsNewAndShowsTheRest()
{
    IntakeDialog dialog({m_server}, [](const TaskKey &key) { return key.task.text() == idB; });
    dialog.setText(
        u"%1\n%2\nhttps://other.example/task/%3\nhello there world"_s.arg(idA, idB, idC));
    QCOMPARE(rows(dialog).topLevelItemCount(), 4);
    QCOMPARE(dialog.checkedTasks(), QList<TaskKey>{key(idA)});
    QVERIFY(rows(dialog).topLevelItem(1)->text(2).contains(u"Already"_s));
    QVERIFY(rows(dialog).topLevelItem(2)->text(2).contains(u"other.example"_s));
    QVERIFY(rows(dialog).topLevelItem(3)->text(2).contains(u"No ID"_s));
    QVERIFY(!(rows(dialog).topLevelItem(3)->flags() & Qt::ItemIsUserCheckable));
}

void TestIntake::watchesWhatIsChecked()
{
    IntakeDialog dialog({m_server}, nothingTracked);
    QSignalSpy watched(&dialog, &IntakeDialog::watchRequested);
    dialog.setText(idA + u'\n' + idB);
    rows(dialog).topLevelItem(0)->setCheckState(0, Qt::Unchecked);
    dialog.show();
    QTest::mouseClick(button(dialog, u"Watch 1 Task"_s), Qt::LeftButton);
    QCOMPARE(watched.count(), 1);
    QCOMPARE(watched.first().at(0).value<QList<TaskKey>>(), QList<TaskKey>{key(idB)});
    QVERIFY(!dialog.isVisible());
}

void TestIntake::nothingFoundOffersNothing()
{
    IntakeDialog dialog({m_server}, nothingTracked);
    dialog.setText(u"no such thing in here"_s);
    QVERIFY(!button(dialog, u"Watch"_s)->isEnabled());
    QVERIFY(!button(dialog, u"Look Up Once"_s)->isEnabled());
    QVERIFY(dialog.findChild<QLabel *>(u"summary"_s)->text().contains(u"no task ID"_s));
}

void TestIntake::followsTheText()
{
    IntakeDialog dialog({m_server}, nothingTracked);
    dialog.show();
    text(dialog).setPlainText(idA);
    QCOMPARE(dialog.checkedTasks().size(), 1);
    text(dialog).clear();
    QVERIFY(dialog.checkedTasks().isEmpty());
}

void TestIntake::aLongTextIsShownInPart()
{
    IntakeDialog dialog({m_server}, nothingTracked);
    dialog.setText(u"words without meaning "_s.repeated(4000) + u'\n' + idA);
    QVERIFY(text(dialog).isReadOnly());
    QVERIFY(text(dialog).toPlainText().size() < 70'000);
    QCOMPARE(dialog.checkedTasks(), QList<TaskKey>{key(idA)}); // found behind what is shown
}

void TestIntake::aTypedIdIsLookedUpAtOnce()
{
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    QSignalSpy shown(m_desk, &IntakeDesk::lookedUp);
    m_desk->takeTyped(u"  "_s + idA);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first().at(1).value<QList<TaskKey>>(), QList<TaskKey>{key(idA)});
    QCOMPARE(shown.count(), 1); // at once, without an answer yet
    QCOMPARE(shown.first().at(0).value<TaskRecord>().outcome, Outcome::Checking);
    QVERIFY(!dialog());
    QCOMPARE(m_store->size(), 0);
}

void TestIntake::aTypedIdThatIsWatchedIsSelected()
{
    m_store->watch({key(idA)});
    const QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    const QSignalSpy known(m_desk, &IntakeDesk::alreadyWatched);
    m_desk->takeTyped(idA);
    QCOMPARE(known.count(), 1);
    QCOMPARE(wanted.count(), 0);
}

void TestIntake::severalTypedIdsAreShownFirst()
{
    const QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    m_desk->takeTyped(idA + u' ' + idB);
    QCOMPARE(wanted.count(), 0);
    QVERIFY(dialog());
    QCOMPARE(dialog()->checkedTasks().size(), 2);
}

void TestIntake::anAddressOfAnotherServerIsShownFirst()
{
    const QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    m_desk->takeTyped(u"https://other.example/task/"_s + idA);
    QCOMPARE(wanted.count(), 0);
    QVERIFY(dialog());
    QVERIFY(dialog()->checkedTasks().isEmpty());
}

void TestIntake::badTextIsRefusedAndChangesNothing()
{
    const QSignalSpy refused(m_desk, &IntakeDesk::refused);
    const QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    m_desk->takeTyped(u"what is this thing"_s);
    QCOMPARE(refused.count(), 1);
    m_desk->takeTyped(u"   "_s);
    QCOMPARE(refused.count(), 1);
    QCOMPARE(wanted.count(), 0);
    QVERIFY(!dialog());
    QCOMPARE(m_store->size(), 0);
}

void TestIntake::withoutAServerNothingIsTaken()
{
    m_desk->setServers({});
    const QSignalSpy refused(m_desk, &IntakeDesk::refused);
    m_desk->takeTyped(idA);
    m_desk->takeText(idA);
    m_desk->openDialog();
    m_desk->openFile();
    QCOMPARE(refused.count(), 4);
    QVERIFY(!dialog());
}

void TestIntake::anAnswerGoesToItsAsker()
{
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    QSignalSpy shown(m_desk, &IntakeDesk::lookedUp);
    m_desk->takeTyped(idA);
    m_desk->takeTyped(idB);
    const auto first = wanted.at(0).at(0).toULongLong();
    const auto second = wanted.at(1).at(0).toULongLong();
    shown.clear();
    m_desk->takeAnswer(first, running(idA)); // late: something else is shown by now
    QCOMPARE(shown.count(), 0);
    m_desk->takeAnswer(second, running(idB));
    QCOMPARE(shown.count(), 1);
    const auto record = shown.first().at(0).value<TaskRecord>();
    QCOMPARE(record.outcome, Outcome::Running);
    QCOMPARE(record.key, key(idB));
    QCOMPARE(m_store->size(), 0);
}

void TestIntake::severalAnswersShowBesideTheirTask()
{
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    m_desk->takeText(idA + u'\n' + idB);
    QVERIFY(dialog());
    QTest::mouseClick(button(*dialog(), u"Look Up Once"_s), Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    QVERIFY(dialog()->isVisible());
    m_desk->takeAnswer(wanted.first().at(0).toULongLong(), running(idB));
    QVERIFY(rows(*dialog()).topLevelItem(1)->text(3).contains(u"Publish policy"_s));
    PollOutcome failed = running(idA);
    failed.answer = tl::unexpected(PollError{PollError::Kind::Timeout, {}, 0, {}, {}});
    m_desk->takeAnswer(wanted.first().at(0).toULongLong(), failed);
    QCOMPARE(rows(*dialog()).topLevelItem(0)->text(3),
             describe(PollError{PollError::Kind::Timeout, {}, 0, {}, {}}).headline);
}

void TestIntake::anUnknownTaskIsNotFound()
{
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    QSignalSpy shown(m_desk, &IntakeDesk::lookedUp);
    m_desk->takeTyped(idA);
    PollOutcome outcome = running(idA);
    outcome.answer = tl::unexpected(PollError{PollError::Kind::NotKnown, {}, 200, {}, {}});
    m_desk->takeAnswer(wanted.first().at(0).toULongLong(), outcome);
    QCOMPARE(shown.last().at(0).value<TaskRecord>().outcome, Outcome::NotFound);
}

void TestIntake::filesAndTextsAreDropped()
{
    const QTemporaryDir folder;
    QVERIFY(write(folder.filePath(u"ids.txt"_s), idA.toLatin1()));
    QMimeData file;
    file.setUrls({QUrl::fromLocalFile(folder.filePath(u"ids.txt"_s))});
    QVERIFY(IntakeDesk::canTake(file));
    m_desk->takeMime(file);
    QVERIFY(dialog());
    QCOMPARE(dialog()->checkedTasks(), QList<TaskKey>{key(idA)});

    QMimeData words;
    words.setText(idB);
    m_desk->takeMime(words); // the open dialog takes it
    QCOMPARE(m_window->findChildren<IntakeDialog *>().size(), 1);
    QCOMPARE(dialog()->checkedTasks(), QList<TaskKey>{key(idB)});

    const QSignalSpy refused(m_desk, &IntakeDesk::refused);
    QMimeData missing;
    missing.setUrls({QUrl::fromLocalFile(folder.filePath(u"none.txt"_s))});
    m_desk->takeMime(missing);
    QCOMPARE(refused.count(), 1);
}

/// Pasted; dropped ones go the same way.
void TestIntake::theDialogTakesFiles()
{
    const QTemporaryDir folder;
    QVERIFY(write(folder.filePath(u"a.txt"_s), idA.toLatin1()));
    const auto paste = [&](const QString &name) {
        auto *files = new QMimeData;
        files->setUrls({QUrl::fromLocalFile(folder.filePath(name))});
        QGuiApplication::clipboard()->setMimeData(files);
        dialog()->findChild<QPlainTextEdit *>()->paste();
    };
    m_desk->takeText(idB);
    QVERIFY(dialog());
    paste(u"a.txt"_s);
    QCOMPARE(dialog()->checkedTasks(), (QList<TaskKey>{key(idB), key(idA)}));
    paste(u"none.txt"_s);
    QCOMPARE(dialog()->checkedTasks(), (QList<TaskKey>{key(idB), key(idA)}));
    QVERIFY(dialog()->findChild<QLabel *>(u"summary"_s)->text().contains("none.txt"_L1));
    QGuiApplication::clipboard()->setText(idC);
    dialog()->findChild<QPlainTextEdit *>()->selectAll();
    dialog()->findChild<QPlainTextEdit *>()->paste();
    QCOMPARE(dialog()->checkedTasks(), QList<TaskKey>{key(idC)});
}

void TestIntake::allThatIsDroppedIsTaken()
{
    const QTemporaryDir folder;
    QVERIFY(write(folder.filePath(u"a.txt"_s), idA.toLatin1()));
    QVERIFY(write(folder.filePath(u"b.txt"_s), idB.toLatin1()));
    const QUrl link(u"https://guardian.example/task/"_s + idC);
    const QUrl fileA = QUrl::fromLocalFile(folder.filePath(u"a.txt"_s));
    const QUrl fileB = QUrl::fromLocalFile(folder.filePath(u"b.txt"_s));
    const QUrl missing = QUrl::fromLocalFile(folder.filePath(u"none.txt"_s));
    const QSignalSpy refused(m_desk, &IntakeDesk::refused);

    QMimeData mixed;
    mixed.setUrls({link, fileA, fileB});
    m_desk->takeMime(mixed);
    QCOMPARE(dialog()->checkedTasks(), (QList<TaskKey>{key(idC), key(idA), key(idB)}));
    mixed.setUrls({fileA, link});
    m_desk->takeMime(mixed);
    QCOMPARE(dialog()->checkedTasks(), (QList<TaskKey>{key(idA), key(idC)}));
    QCOMPARE(refused.count(), 0);

    // What cannot be read is said, and holds nothing back.
    mixed.setUrls({missing, fileB});
    m_desk->takeMime(mixed);
    QCOMPARE(dialog()->checkedTasks(), QList<TaskKey>{key(idB)});
    QCOMPARE(refused.count(), 1);

    // A text that tells of the first only.
    QMimeData links;
    links.setText(link.toString());
    links.setUrls({link, QUrl(u"https://guardian.example/task/"_s + idA)});
    m_desk->takeMime(links);
    QCOMPARE(dialog()->checkedTasks(), (QList<TaskKey>{key(idC), key(idA)}));
}

PollOutcome TestIntake::answerOf(const ShownServer &server, const QString &id, bool knows) const
{
    PollOutcome outcome = running(id);
    outcome.key.server = server.id;
    if (!knows)
        outcome.answer = tl::unexpected(PollError{PollError::Kind::NotKnown, {}, 200, {}, {}});
    return outcome;
}

void TestIntake::addressesBelongToTheServerOfTheirOrigin()
{
    const QString text =
        u"%1 https://testnet.example/task/%2 https://third.example/task/%3"_s.arg(idA, idB, idC);
    const IntakePlan plan = planIntake(text, {m_server, m_other}, nothingTracked);
    QCOMPARE(plan.rows.size(), 3);
    QCOMPARE(plan.rows.at(0).servers, (QList<ServerId>{m_server.id, m_other.id}));
    QCOMPARE(plan.rows.at(1).servers, QList<ServerId>{m_other.id});
    QCOMPARE(plan.rows.at(1).kind, IntakeRow::Kind::New);
    QCOMPARE(plan.rows.at(2).kind, IntakeRow::Kind::OtherServer);
    m_desk->setServers({m_server, m_other});
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    m_desk->takeTyped(u"https://testnet.example/task/"_s + idB);
    QCOMPARE(wanted.first().at(1).value<QList<TaskKey>>(),
             (QList<TaskKey>{{m_other.id, TaskId(idB)}}));
}

void TestIntake::aTypedIdIsAskedForOnEachServer()
{
    m_desk->setServers({m_server, m_other});
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    QSignalSpy shown(m_desk, &IntakeDesk::lookedUp);
    m_desk->takeTyped(idA);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first().at(1).value<QList<TaskKey>>(),
             (QList<TaskKey>{key(idA), {m_other.id, TaskId(idA)}}));
    const auto request = wanted.first().at(0).toULongLong();
    QVERIFY(shown.takeFirst().at(0).value<TaskRecord>().key.server.isNull()); // not known yet
    m_desk->takeAnswer(request, answerOf(m_server, idA, false));
    QCOMPARE(shown.count(), 0);
    m_desk->takeAnswer(request, answerOf(m_other, idA, true));
    QCOMPARE(shown.count(), 1);
    QCOMPARE(shown.first().at(0).value<TaskRecord>().key.server, m_other.id);
    QVERIFY(!dialog());
}

void TestIntake::aTypedIdOnTwoServersIsChosenByThePerson()
{
    m_desk->setServers({m_server, m_other});
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    m_desk->takeTyped(idA);
    const auto request = wanted.takeFirst().at(0).toULongLong();
    m_desk->takeAnswer(request, answerOf(m_server, idA, true));
    m_desk->takeAnswer(request, answerOf(m_other, idA, true));
    QVERIFY(dialog());
    QCOMPARE(wanted.count(), 0); // each was asked
    QTreeWidget &list = rows(*dialog());
    QCOMPARE(list.topLevelItemCount(), 2);
    for (int row = 0; row < 2; ++row)
        QVERIFY(list.topLevelItem(row)->text(3).contains(u"Publish policy"_s));
    QCOMPARE(dialog()->checkedTasks(), (QList<TaskKey>{key(idA), {m_other.id, TaskId(idA)}}));

    // One that answers later gets its row, too; with the dialog closed it is not opened again.
    const ShownServer third{ServerId::create(), u"Third"_s, QUrl(u"https://third.example"_s)};
    for (const bool isOpen : {true, false}) {
        delete dialog();
        m_desk->setServers({m_server, m_other, third});
        m_desk->takeTyped(idB);
        const auto next = wanted.takeFirst().at(0).toULongLong();
        m_desk->takeAnswer(next, answerOf(m_server, idB, true));
        m_desk->takeAnswer(next, answerOf(m_other, idB, true));
        QVERIFY(dialog());
        if (!isOpen)
            delete dialog();
        m_desk->takeAnswer(next, answerOf(third, idB, true));
        QCOMPARE(dialog() != nullptr, isOpen);
        QCOMPARE(wanted.count(), 0);
        if (isOpen)
            QCOMPARE(dialog()->checkedTasks().size(), 3);
    }
}

void TestIntake::aTypedIdThatNobodyKnowsIsSaid()
{
    m_desk->setServers({m_server, m_other});
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    QSignalSpy shown(m_desk, &IntakeDesk::lookedUp);
    QSignalSpy refused(m_desk, &IntakeDesk::refused);
    m_desk->takeTyped(idA);
    auto request = wanted.takeFirst().at(0).toULongLong();
    m_desk->takeAnswer(request, answerOf(m_server, idA, false));
    m_desk->takeAnswer(request, answerOf(m_other, idA, false));
    QCOMPARE(shown.last().at(0).value<TaskRecord>().outcome, Outcome::NotFound);
    QVERIFY(shown.last().at(0).value<TaskRecord>().key.server.isNull());
    QCOMPARE(refused.count(), 0);

    m_desk->takeTyped(idA);
    request = wanted.takeFirst().at(0).toULongLong();
    PollOutcome silent = answerOf(m_other, idA, false);
    silent.answer = tl::unexpected(PollError{PollError::Kind::Timeout, {}, 0, {}, {}});
    m_desk->takeAnswer(request, silent);
    m_desk->takeAnswer(request, answerOf(m_server, idA, false));
    QCOMPARE(refused.count(), 1);
    QVERIFY(refused.first().at(0).toString().contains(u"Testnet"_s));
    // It may well be there: whichever answers last, that it is not found is not said.
    const auto record = shown.last().at(0).value<TaskRecord>();
    QCOMPARE(record.outcome, Outcome::Checking);
    QVERIFY(record.key.server.isNull());
    QVERIFY(record.trouble && record.trouble->kind == PollError::Kind::Timeout);
    QVERIFY(record.trouble->detail.contains(u"Testnet"_s));
}

void TestIntake::aSilentServerIsNamedInTheDialog()
{
    m_desk->setServers({m_server, m_other});
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    m_desk->takeText(idA);
    const auto request = wanted.first().at(0).toULongLong();
    PollOutcome silent = answerOf(m_other, idA, false);
    silent.answer = tl::unexpected(PollError{PollError::Kind::Timeout, {}, 0, {}, {}});
    m_desk->takeAnswer(request, silent);
    m_desk->takeAnswer(request, answerOf(m_server, idA, false));
    const QString where = rows(*dialog()).topLevelItem(0)->text(1);
    QVERIFY2(where.contains(u"Testnet"_s) && !where.contains(u"nowhere"_s), qPrintable(where));
}

void TestIntake::pastedIdsFindTheirServers()
{
    m_desk->setServers({m_server, m_other});
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    QSignalSpy watched(m_desk, &IntakeDesk::watchWanted);
    m_desk->takeText(idA + u'\n' + idB + u"\nhttps://testnet.example/task/"_s + idC);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first().at(1).value<QList<TaskKey>>().size(), 4); // the address is not asked
    QCOMPARE(dialog()->checkedTasks(), (QList<TaskKey>{{m_other.id, TaskId(idC)}}));
    const auto request = wanted.first().at(0).toULongLong();
    m_desk->takeAnswer(request, answerOf(m_other, idA, false));
    m_desk->takeAnswer(request, answerOf(m_server, idA, true));
    m_desk->takeAnswer(request, answerOf(m_other, idB, false));
    m_desk->takeAnswer(request, answerOf(m_server, idB, false));
    QTreeWidget &list = rows(*dialog());
    QCOMPARE(list.topLevelItem(0)->text(1), u"Production"_s);
    QVERIFY(list.topLevelItem(0)->text(3).contains(u"Publish policy"_s));
    QVERIFY(list.topLevelItem(1)->text(1).contains(u"nowhere"_s));
    QCOMPARE(list.topLevelItem(1)->checkState(0), Qt::Unchecked);
    QTest::mouseClick(button(*dialog(), u"Watch 2 Tasks"_s), Qt::LeftButton);
    QCOMPARE(watched.first().at(0).value<QList<TaskKey>>(),
             (QList<TaskKey>{key(idA), {m_other.id, TaskId(idC)}}));
}

void TestIntake::aServerCanBeChosenForBareIds()
{
    IntakeDialog dialog({m_server, m_other}, nothingTracked);
    QSignalSpy wanted(&dialog, &IntakeDialog::lookUpRequested);
    dialog.show();
    text(dialog).setPlainText(idA); // typed: nobody is asked without a click
    QCOMPARE(wanted.count(), 0);
    QTest::mouseClick(button(dialog, u"Find the Server"_s), Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    QVERIFY(dialog.checkedTasks().isEmpty());
    auto *choice = dialog.findChild<QComboBox *>();
    choice->setFocus();
    QTest::keyClicks(choice, u"Test"_s);
    QCOMPARE(choice->currentText(), u"Testnet"_s);
    QCOMPARE(dialog.checkedTasks(), (QList<TaskKey>{{m_other.id, TaskId(idA)}}));
}

void TestIntake::disabledServersAreNotAsked()
{
    ShownServer disabled = m_other;
    disabled.enabled = false;
    m_desk->setServers({m_server, disabled});
    QSignalSpy wanted(m_desk, &IntakeDesk::lookUpWanted);
    m_desk->takeTyped(idA);
    QCOMPARE(wanted.first().at(1).value<QList<TaskKey>>(), QList<TaskKey>{key(idA)});
}

QTEST_MAIN(TestIntake)
#include "test_intake.moc"
