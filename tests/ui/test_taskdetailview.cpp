#include "detail/detailheader.h"
#include "detail/errorpage.h"
#include "detail/factsview.h"
#include "detail/jsonfinder.h"
#include "detail/jsonpane.h"
#include "detail/jsontreeview.h"
#include "detail/largetextview.h"
#include "detail/logpage.h"
#include "detail/polllogmodel.h"
#include "detail/rawpage.h"
#include "detail/resultpage.h"
#include "detail/secretbanner.h"
#include "detail/secretgate.h"
#include "detail/stepspage.h"
#include "detail/steptreemodel.h"
#include "detail/taskdetailview.h"
#include "detailsamples.h"
#include "manualclock.h"
#include "task/baselines.h"
#include "task/tasktext.h"
#include "widgetfinder.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPaintEvent>
#include <QScrollBar>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QTreeView>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using DetailSamples::completed;
using DetailSamples::running;

namespace {

const QString server = u"Production"_s;

/// Nothing that goes to the thread pool begins while it lives.
class PoolHeldUp
{
public:
    PoolHeldUp()
    {
        QThreadPool *pool = QThreadPool::globalInstance();
        pool->setMaxThreadCount(1);
        pool->start([this] {
            m_begun.release();
            m_goOn.acquire();
        });
        m_begun.acquire();
    }
    ~PoolHeldUp() { release(); }
    Q_DISABLE_COPY_MOVE(PoolHeldUp)

    void release()
    {
        if (std::exchange(m_isHeld, false)) {
            m_goOn.release();
            QThreadPool::globalInstance()->waitForDone();
        }
    }

private:
    QSemaphore m_begun;
    QSemaphore m_goOn;
    bool m_isHeld = true;
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What is painted of a widget and of all in it, but for the one pixel that is asked for.
class PaintedParts final : public QObject
{
public:
    explicit PaintedParts(QWidget &widget)
        : m_widget(widget)
    {
        widget.installEventFilter(this);
        const auto all = widget.findChildren<QWidget *>();
        for (QWidget *part : all)
            part->installEventFilter(this);
    }
    /// Since the last look: how many were painted larger than that. Views lay out a moment later.
    [[nodiscard]] int next()
    {
        m_isPainted = false;
        m_widget.update(0, 0, 1, 1);
        if (!QTest::qWaitFor([this] { return m_isPainted; }))
            return -1;
        return std::exchange(m_larger, 0);
    }
    [[nodiscard]] bool isNextLarger()
    {
        return QTest::qWaitFor([this] { return next() > 0; });
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            m_isPainted = m_isPainted || watched == &m_widget;
            const QRect part = static_cast<QPaintEvent *>(event)->rect();
            m_larger += part.width() * part.height() > 1 ? 1 : 0;
        }
        return QObject::eventFilter(watched, event);
    }

private:
    QWidget &m_widget;
    bool m_isPainted = false;
    int m_larger = 0;
};

TaskRecord secretTask()
{
    TaskRecord record = completed(u"secret"_s, R"({"id":"0.0.1","key":"302e0201private"})");
    TaskSnapshot snapshot = *record.snapshot;
    snapshot.action = u"Create random key"_s;
    snapshot.resultIsSecret = true;
    record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
    return record;
}

} // namespace

class TestTaskDetailView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_baselines = {};
        m_clock = std::make_unique<ManualClock>();
        m_view = std::make_unique<TaskDetailView>(m_baselines, *m_clock);
        m_view->resize(700, 240);
        m_view->show(running(u"first"_s, 3), server, {}); // from then on there are pages
        m_view->clear();
        m_view->show();
        QVERIFY(m_dir.isValid());
    }

    void cleanup()
    {
        m_view.reset();
        m_clock.reset();
        QThreadPool::globalInstance()->waitForDone();
    }

    void saysWhatToDoWithoutATask()
    {
        const auto saysWhatToDo = [this] {
            const auto labels = m_view->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
                return label->isVisible() && label->text().startsWith(u"Select a task"_s);
            });
        };
        QVERIFY(!m_view->task());
        QVERIFY(saysWhatToDo());
        m_view->show(running(u"a"_s, 3), server, {});
        QCOMPARE(m_view->task()->task.text(), u"a"_s);
        QVERIFY(!saysWhatToDo());
        m_view->clear();
        QVERIFY(!m_view->task());
        QVERIFY(saysWhatToDo());
    }

    void keepsTheTabForAnotherTask()
    {
        m_view->show(running(u"a"_s, 3), server, {});
        const QSignalSpy moved(m_view.get(), &TaskDetailView::currentTabChanged);
        m_view->setCurrentTab(TaskDetailView::StepsTab);
        m_view->setCurrentTab(17);
        m_view->show(running(u"b"_s, 3), server, {});
        QCOMPARE(m_view->currentTab(), int(TaskDetailView::StepsTab));
        QCOMPARE(moved.count(), 1);
    }

    void stepsKeepScrollSelectionAndWhatIsOpen()
    {
        m_view->setCurrentTab(TaskDetailView::StepsTab);
        m_view->show(running(u"a"_s, 30), server, {});
        QTreeView &tree = m_view->steps().tree();
        const QModelIndex first = tree.model()->index(0, 0);
        QVERIFY(tree.isExpanded(first));
        tree.collapse(first);
        tree.setCurrentIndex(tree.model()->index(4, 0));
        tree.verticalScrollBar()->triggerAction(QAbstractSlider::SliderToMinimum);
        QVERIFY(!m_view->steps().isFollowing());
        tree.verticalScrollBar()->setValue(120);
        const QPersistentModelIndex current = tree.currentIndex();

        m_view->show(running(u"a"_s, 31), server, {});
        QVERIFY(!tree.isExpanded(tree.model()->index(0, 0)));
        QVERIFY(tree.isExpanded(tree.model()->index(30, 0)));
        QCOMPARE(tree.currentIndex(), QModelIndex(current));
        QCOMPARE(tree.verticalScrollBar()->value(), 120);

        m_view->show(running(u"b"_s, 31), server, {});
        QVERIFY(tree.isExpanded(tree.model()->index(0, 0)));
    }

    void stepsFollowTheRunningOneUntilScrolledAway()
    {
        m_view->setCurrentTab(TaskDetailView::StepsTab);
        m_view->show(running(u"a"_s, 20), server, {});
        QTreeView &tree = m_view->steps().tree();
        QScrollBar &bar = *tree.verticalScrollBar();
        const auto showsRunning = [&tree] {
            const QModelIndex last = tree.model()->index(tree.model()->rowCount() - 1, 0);
            return tree.viewport()->rect().contains(
                tree.visualRect(tree.model()->index(1, 0, last)).center());
        };
        QTRY_VERIFY(showsRunning());
        m_view->show(running(u"a"_s, 25), server, {});
        QTRY_VERIFY(showsRunning());

        bar.triggerAction(QAbstractSlider::SliderToMinimum);
        QVERIFY(!m_view->steps().isFollowing());
        const int before = bar.maximum();
        m_view->show(running(u"a"_s, 30), server, {});
        QTRY_VERIFY(bar.maximum() > before);
        QCOMPARE(bar.value(), 0);
        bar.triggerAction(QAbstractSlider::SliderToMaximum);
        QTRY_VERIFY(m_view->steps().isFollowing());
    }

    void stepsThatAreMinimizedStartFolded()
    {
        TaskRecord record = running(u"a"_s, 2);
        TaskSnapshot snapshot = *record.snapshot;
        snapshot.steps[0].minimized = true;
        record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
        m_view->show(record, server, {});
        const QTreeView &tree = m_view->steps().tree();
        QVERIFY(!tree.isExpanded(tree.model()->index(0, 0)));
        QVERIFY(tree.isExpanded(tree.model()->index(1, 0)));
    }

    void overviewSaysWhatIsUsual()
    {
        TaskRecord record = running(u"a"_s, 2);
        TaskSnapshot snapshot = *record.snapshot;
        snapshot.startedAt = m_clock->now().wall.addSecs(-60);
        record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
        for (int minutes = 2; minutes <= 10; ++minutes) {
            TaskRecord ended = record;
            ended.key.task = TaskId(u"earlier %1"_s.arg(minutes));
            ended.outcome = Outcome::Completed;
            snapshot.finishedAt = snapshot.startedAt->addSecs(60 * minutes);
            ended.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
            m_view->show(record, server, {});
            QCOMPARE(m_view->overview().toPlainText().contains(u"Usually"_s), minutes > 6);
            m_baselines.learn(ended);
        }
        m_view->show(record, server, {});
        const QString text = m_view->overview().toPlainText();
        QVERIFY2(text.contains(u"4–9 min"_s), qPrintable(text));
        QVERIFY2(text.contains(u"about 3–8 min"_s), qPrintable(text));
        QVERIFY(!text.contains(u"Slower"_s));
        m_clock->advance(20min);
        m_view->show(record, server, {});
        QVERIFY(m_view->overview().toPlainText().contains(u"Slower than usual"_s));
        QVERIFY(!m_view->overview().toPlainText().contains(u"about"_s));
    }

    /// How long it has stood still is another time than how long it has run.
    void theHeaderSaysSinceWhenAStalledTaskRuns()
    {
        TaskRecord record = running(u"a"_s, 2);
        const QDateTime now = DetailSamples::at(0);
        QCOMPARE(DetailHeader::standing(record, m_baselines, now), u"Running for 4 min 12 s"_s);
        record.outcome = Outcome::Stalled;
        record.quietFor = 3min;
        QCOMPARE(DetailHeader::standing(record, m_baselines, now),
                 u"Stalled, started 4 min 12 s ago"_s);
    }

    void aRevealedSecretSaysForHowLong()
    {
        SecretGate gate(*m_clock);
        const SecretBanner banner(gate);
        const auto text = [&banner] { return banner.findChild<QLabel *>()->text(); };
        gate.setNeeded(true);
        QVERIFY(text().contains(u"It is masked."_s));
        gate.open();
        QVERIFY2(text().contains(u"for 30 s more"_s), qPrintable(text()));
        m_clock->advance(1s);
        m_clock->advance(2s);
        QVERIFY2(text().contains(u"for 27 s more"_s), qPrintable(text()));
        m_clock->advance(27s);
        QVERIFY2(text().contains(u"It is masked."_s), qPrintable(text()));
    }

    void overviewSaysForHowLongNothingChanged()
    {
        TaskRecord record = running(u"a"_s, 2);
        record.outcome = Outcome::Stalled;
        record.quietFor = 12min;
        m_view->show(record, server, {});
        QVERIFY(m_view->overview().toPlainText().contains(u"No change for 12 min."_s));
        TaskSnapshot ended = *record.snapshot;
        ended.startedAt = m_clock->now().wall;
        ended.finishedAt = ended.startedAt->addSecs(600);
        TaskStep step;
        step.name = ended.currentStep;
        step.startedAt = ended.startedAt;
        step.finishedAt = ended.startedAt->addSecs(120);
        ended.steps = {step};
        for (int i = 0; i < 5; ++i) {
            TaskRecord earlier = record;
            earlier.key.task = TaskId(QString::number(i));
            earlier.outcome = Outcome::Completed;
            earlier.snapshot = std::make_shared<const TaskSnapshot>(ended);
            m_baselines.learn(earlier);
        }
        m_view->show(record, server, {});
        const QString text = m_view->overview().toPlainText();
        QVERIFY2(text.contains(u"No change for 12 min; usually this step takes 2 min."_s),
                 qPrintable(text));

        // The documented dialect names the last that was done: of the next nobody knows.
        ended.dialect = Dialect::Documented;
        ended.phase = TaskPhase::Running;
        ended.steps.front().state = StepState::Completed;
        record.snapshot = std::make_shared<const TaskSnapshot>(ended);
        QVERIFY(m_baselines.step(record, ended.currentStep));
        m_view->show(record, server, {});
        const QString done = m_view->overview().toPlainText();
        QVERIFY2(done.contains(u"No change for 12 min."_s), qPrintable(done));
        QVERIFY(!done.contains(u"usually this step"_s));
        QCOMPARE(TaskText::standstill(record, m_baselines),
                 u"No change for 12 min."_s); // the table
    }

    void overviewSaysWhichTroubleGoesOn()
    {
        using Kind = PollError::Kind;
        TaskRecord record = running(u"a"_s, 2);
        record.troubles = {{Kind::Unreachable, DetailSamples::at(-500), {}},
                           {Kind::Timeout, DetailSamples::at(-400), DetailSamples::at(-300)},
                           {Kind::Unreachable, DetailSamples::at(-200), {}}};
        const auto endsNotSeen = [this, &record] {
            m_view->show(record, server, {});
            const QList<Fact> &facts = m_view->overview().facts();
            const auto fact = std::find_if(facts.begin(), facts.end(), [](const Fact &candidate) {
                return candidate.name == u"Unanswered"_s;
            });
            QList<bool> ends;
            if (fact == facts.end())
                return ends;
            const QStringList lines = fact->value.split(u'\n');
            for (const QString &line : lines)
                ends.append(line.contains(u", end not seen:"_s));
            return ends;
        };
        record.trouble.emplace().kind = Kind::Unreachable;
        QCOMPARE(endsNotSeen(), (QList<bool>{true, false, false}));
        record.trouble.reset(); // the last, too, is of an earlier run
        QCOMPARE(endsNotSeen(), (QList<bool>{true, false, true}));
        record.trouble.emplace().kind = Kind::NotKnown;
        QCOMPARE(endsNotSeen(), (QList<bool>{true, false, true}));
    }

    void overviewKeepsSelectionAndScroll()
    {
        TaskRecord record = running(u"a"_s, 2);
        m_view->resize(500, 160);
        m_view->show(record, server, {});
        FactsView &facts = m_view->overview();
        QVERIFY(facts.find(u"Publish policy"_s));
        const QString selected = facts.textCursor().selectedText();
        facts.verticalScrollBar()->setValue(40);
        record.checkedAt = DetailSamples::at(7);
        record.label = u"a new line above and below"_s;
        m_view->show(record, server, {});
        QCOMPARE(facts.textCursor().selectedText(), selected);
        QCOMPARE(facts.verticalScrollBar()->value(), 40);
        QVERIFY(facts.toPlainText().contains(record.label));

        // Also within a value that changes itself.
        QVERIFY(facts.find(u"a new line above"_s, QTextDocument::FindBackward)
                || facts.find(u"a new line above"_s));
        record.label = u"a new line above, changed"_s;
        m_view->show(record, server, {});
        QCOMPARE(facts.textCursor().selectedText(), u"a new line above"_s);
    }

    void serverTextIsNeverMarkup()
    {
        const QString text = u"<b>x</b>"_s;
        TaskRecord record =
            DetailSamples::failed(text, {.code = text, .message = text, .details = {}});
        record.label = text;
        TaskSnapshot snapshot = *record.snapshot;
        snapshot.action = text;
        record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
        m_view->show(record, text, {});
        QVERIFY(m_view->overview().toPlainText().count(text) >= 5);
        QCOMPARE(m_view->error().facts().toPlainText().count(text), 2);
        const QList<QLabel *> labels = m_view->findChildren<QLabel *>();
        for (const QLabel *label : labels)
            QVERIFY(label->text().isEmpty() || label->textFormat() == Qt::PlainText);
    }

    void durationsGrowWhileSeen()
    {
        m_view->setCurrentTab(TaskDetailView::StepsTab);
        m_view->show(running(u"a"_s, 1), server, {});
        const QAbstractItemModel *steps = m_view->steps().tree().model();
        const auto duration = [&] {
            return steps->index(0, StepTreeModel::DurationColumn).data().toString();
        };
        const QString before = duration();
        m_clock->advance(3s);
        QVERIFY(duration() != before);
        m_view->hide();
        m_clock->advance(2s);
        QCOMPARE(m_clock->activeTimers(), 0);
    }

    void resultOpensInTheTreeInItsOwnOrder()
    {
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        m_view->show(completed(u"a"_s, R"({"z":1,"errors":{"blocks":[{"id":"b1"}]}})"), server, {});
        const JsonPane &pane = m_view->result().pane();
        QTRY_VERIFY(pane.isReady());
        const JsonTreeModel &model = pane.tree().jsonModel();
        QTRY_COMPARE(model.index(0, 0).data().toString(), u"z"_s);
        QCOMPARE(model.index(1, 0).data().toString(), u"errors"_s);
    }

    void resultIsReadOnlyWhenLookedAt()
    {
        m_view->setCurrentTab(TaskDetailView::OverviewTab);
        m_view->show(completed(u"a"_s, "[1]"), server, {});
        QThreadPool::globalInstance()->waitForDone();
        QVERIFY(!m_view->result().pane().isReady());
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        QTRY_VERIFY(m_view->result().pane().isReady());
    }

    void largeResultIsReadInAnotherThread()
    {
        const TaskRecord record = completed(u"big"_s, DetailSamples::bigArray(20'000'000));
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        const JsonPane &pane = m_view->result().pane();
        {
            // With the pool held up nothing of the document is touched: so it is not done here.
            PoolHeldUp pool;
            m_view->show(record, server, {});
            QCoreApplication::sendPostedEvents();
            QVERIFY(!pane.isReady());
            QCOMPARE(pane.tree().jsonModel().itemCount(), 1);
            pool.release();
        }
        QTRY_VERIFY(pane.isReady());
        QVERIFY(pane.json()->size() > 300'000);
        const JsonTreeModel &model = pane.tree().jsonModel();
        QTRY_VERIFY(model.rowCount() > 50);
        QVERIFY(model.itemCount() < 200);

        pane.tree().expand(model.index(3, 0));
        QVERIFY(model.itemCount() < 1'300);
        m_view->result().pane().setView(JsonPane::FormattedText);
        QTRY_VERIFY(pane.note().contains(u"first 1"_s));
        QTRY_VERIFY(pane.text().isWhole());
        QVERIFY(pane.text().document()->characterCount() < 1'300'000);
    }

    void staleResultIsDropped()
    {
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        const JsonPane &pane = m_view->result().pane();
        {
            const PoolHeldUp pool;
            m_view->show(completed(u"a"_s, R"({"first":1})"), server, {});
            m_view->show(completed(u"b"_s, R"({"second":2})"), server, {});
        }
        QTRY_VERIFY(pane.isReady());
        QTRY_COMPARE(pane.tree().model()->index(0, 0).data().toString(), u"second"_s);
    }

    void resultKeepsItsPlaceWhenTheReplyComesAgain()
    {
        const QByteArray body = R"({"a":{"b":{"c":1}},"list":[1,2,3]})";
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        m_view->show(completed(u"a"_s, body), server, {});
        const JsonPane &pane = m_view->result().pane();
        QTRY_VERIFY(pane.isReady());
        JsonTreeView &tree = pane.tree();
        const auto a = [&tree] { return tree.model()->index(0, 0); };
        tree.expand(a());
        const auto b = [&] { return tree.model()->index(0, 0, a()); };
        tree.expand(b());
        tree.setCurrentIndex(tree.model()->index(0, 0, b()));
        const auto json = pane.json();
        m_view->show(completed(u"a"_s, body), server, {}); // other bytes, same content
        QTRY_VERIFY(pane.isReady());
        QCOMPARE(pane.json(), json);
        m_view->show(completed(u"a"_s, R"({"a":{"b":{"c":2}}})"), server, {});
        QTRY_VERIFY(pane.isReady());
        QVERIFY(pane.json() != json);
        QVERIFY(tree.isExpanded(b()));
        QCOMPARE(tree.currentIndex().siblingAtColumn(1).data().toString(), u"2"_s);
    }

    void resultKeepsItsScroll()
    {
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        m_view->show(completed(u"a"_s, DetailSamples::bigArray(50'000)), server, {});
        const JsonPane &pane = m_view->result().pane();
        QTRY_VERIFY(pane.isReady());
        QScrollBar &bar = *pane.tree().verticalScrollBar();
        QTRY_VERIFY(bar.maximum() > 200);
        bar.setValue(120);
        const auto json = pane.json();
        m_view->show(completed(u"a"_s, DetailSamples::bigArray(60'000)), server, {});
        QTRY_VERIFY(pane.isReady() && pane.json() != json);
        QCOMPARE(bar.value(), 120);
    }

    void searchCountsAndGoesAround()
    {
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        m_view->show(completed(u"a"_s, R"({"x":["needle",{"Needle":1}],"y":"no"})"), server, {});
        JsonPane &pane = m_view->result().pane();
        QTRY_VERIFY(pane.isReady());
        JsonFinder &finder = pane.finder();
        finder.edit().setText(u"needle"_s);
        QTRY_COMPARE(finder.status(), u"1 of 2"_s);
        QCOMPARE(pane.tree().jsonModel().path(pane.tree().currentIndex()), u"$.x[0]"_s);
        QTest::keyClick(&finder.edit(), Qt::Key_Return);
        QCOMPARE(pane.tree().jsonModel().path(pane.tree().currentIndex()), u"$.x[1].Needle"_s);
        finder.findNext();
        QCOMPARE(finder.status(), u"1 of 2"_s);
        finder.findPrevious();
        QCOMPARE(finder.status(), u"2 of 2"_s);
        finder.edit().setText(u"nowhere"_s);
        QTRY_COMPARE(finder.status(), u"No match"_s);

        pane.setView(JsonPane::OriginalText);
        QTRY_VERIFY(!pane.text().toPlainText().isEmpty());
        finder.edit().clear();
        pane.text().moveCursor(QTextCursor::Start);
        QTest::keyClicks(&finder.edit(), u"needle"_s); // each letter goes on where the last one was
        QCOMPARE(finder.status(), u"2 found"_s);
        QCOMPARE(pane.text().textCursor().selectedText(), u"needle"_s);
        finder.findNext();
        QCOMPARE(pane.text().textCursor().selectedText(), u"Needle"_s);
    }

    void copiesValueAndPath()
    {
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        m_view->show(completed(u"a"_s, "{\"errors\":{\"blocks\":[{\"id\":\"say \\\"x\\\"\"}]}}"),
                     server, {});
        const JsonPane &pane = m_view->result().pane();
        QTRY_VERIFY(pane.isReady());
        pane.finder().edit().setText(u"id"_s);
        QTRY_COMPARE(pane.tree().jsonModel().path(pane.tree().currentIndex()),
                     u"$.errors.blocks[0].id"_s);
        pane.tree().copyPath();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"$.errors.blocks[0].id"_s);
        QTest::keyClick(&pane.tree(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"say \"x\""_s);
        QCOMPARE(m_clock->activeTimers(), 0);
    }

    void savesTheBytesThatWereSent()
    {
        const QByteArray result = "{\"z\": 9007199254740993,\"a\":1.50, \"é\":\"\\u00e9\"}";
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        m_view->show(completed(u"a"_s, result), server, {});
        JsonPane &pane = m_view->result().pane();
        QTRY_VERIFY(pane.isReady());
        const QString path = m_dir.filePath(u"result.json"_s);
        pane.saveTo(path);
        QTRY_VERIFY(pane.note().startsWith(u"Saved"_s));
        QCOMPARE(contentOf(path), result);
        const QFileDevice::Permissions others = QFileDevice::ReadGroup | QFileDevice::ReadOther
                                                | QFileDevice::WriteGroup | QFileDevice::WriteOther;
        QVERIFY(!(QFile::permissions(path) & others));
        pane.saveTo(u"/nowhere/at/all.json"_s);
        QTRY_VERIFY(pane.note().startsWith(u"Could not save"_s));

        m_view->setCurrentTab(TaskDetailView::RawTab);
        RawPage &raw = m_view->raw();
        raw.saveTo(path);
        QTRY_COMPARE(contentOf(path),
                     m_view->task() ? completed(u"a"_s, result).reply->body.whole() : QByteArray());
    }

    void secretsAreMaskedUntilAskedForAndAgainAfterwards()
    {
        const QString secret = u"302e0201private"_s;
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        m_view->show(secretTask(), server, {});
        const JsonPane &pane = m_view->result().pane();
        const auto shown = [&pane] { return pane.tree().model()->index(1, 1).data().toString(); };
        QTRY_VERIFY(!shown().isEmpty());
        QVERIFY(shown() != secret);
        m_view->secrets().open();
        QTRY_COMPARE(shown(), secret);
        m_clock->advance(29s);
        QCOMPARE(shown(), secret);
        m_clock->advance(2s);
        QVERIFY(shown() != secret);
        QVERIFY(!shown().isEmpty());

        m_view->setCurrentTab(TaskDetailView::RawTab);
        const LargeTextView &raw = m_view->raw().text();
        QTRY_VERIFY(raw.toPlainText().contains(u"0.0.1"_s));
        QVERIFY(!raw.toPlainText().contains(secret));
        m_view->secrets().open();
        QTRY_VERIFY(raw.toPlainText().contains(secret));
        m_view->secrets().close();
        QVERIFY(!raw.toPlainText().contains(secret));
        QTRY_VERIFY(raw.toPlainText().contains(u"0.0.1"_s));

        // What is saved is masked even while it may be seen.
        m_view->secrets().open();
        const QString path = m_dir.filePath(u"secret.json"_s);
        m_view->result().pane().saveTo(path);
        QTRY_VERIFY(!contentOf(path).isEmpty());
        QVERIFY(!contentOf(path).contains(secret.toUtf8()));
        m_view->raw().saveTo(path + u'2');
        QTRY_VERIFY(!contentOf(path + u'2').isEmpty());
        QVERIFY(!contentOf(path + u'2').contains(secret.toUtf8()));
    }

    void ofTooLargeAResultTheHeadIsShownAndSaid()
    {
        TaskRecord record = completed(u"large"_s, "[\"first\",\"sec");
        TaskSnapshot snapshot = *record.snapshot;
        snapshot.resultIsHead = true;
        record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
        ReplyData reply = *record.reply;
        reply.body = "{\"taskId\":\"large\",\"result\":[\"first\",\"sec"_ba;
        reply.isHead = true;
        record.reply = std::make_shared<const ReplyData>(reply);
        m_view->show(record, server, {});
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        QTRY_VERIFY(m_view->result().pane().isReady());
        QCOMPARE(m_view->result().pane().json()->bytes().toByteArray(),
                 QByteArray("[\"first\",\"sec\"]"));
        QVERIFY(m_view->result().pane().note().contains(u"over 64"_s));
        m_view->setCurrentTab(TaskDetailView::RawTab);
        QTRY_VERIFY(m_view->raw().note().contains(u"only the first"_s));
    }

    void theRuleOfTheActionCounts()
    {
        TaskRecord record = completed(u"ruled"_s, R"({"id":"0.0.1","password":"hunter2"})");
        const auto by = [&record](SecretRule rule) {
            TaskSnapshot snapshot = *record.snapshot;
            snapshot.secretRule = rule;
            snapshot.resultIsSecret = rule != SecretRule::ShowAll;
            record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
            record.reply = std::make_shared<const ReplyData>(*record.reply);
        };
        const LargeTextView &raw = m_view->raw().text();
        by(SecretRule::MaskAll);
        m_view->show(record, server, {});
        m_view->setCurrentTab(TaskDetailView::RawTab);
        QTRY_VERIFY(raw.toPlainText().contains(u"result"_s));
        QVERIFY(!raw.toPlainText().contains(u"0.0.1"_s));
        by(SecretRule::ShowAll);
        m_view->show(record, server, {});
        QTRY_VERIFY(raw.toPlainText().contains(u"hunter2"_s));
        m_view->setCurrentTab(TaskDetailView::ResultTab);
        QTRY_VERIFY(m_view->result().pane().isReady());
        QVERIFY(m_view->result().pane().json()->bytes().contains("hunter2"));
        // Files are for keeping.
        const QString path = m_dir.filePath(u"ruled.json"_s);
        m_view->result().pane().saveTo(path);
        m_view->raw().saveTo(path + u'2');
        for (const QString &file : {path, path + u'2'}) {
            QTRY_VERIFY(!contentOf(file).isEmpty());
            QVERIFY(contentOf(file).contains("0.0.1"));
            QVERIFY(!contentOf(file).contains("hunter2"));
        }
    }

    void anotherTaskClosesTheGate()
    {
        m_view->show(secretTask(), server, {});
        m_view->secrets().open();
        QVERIFY(!m_view->secrets().masks());
        TaskRecord other = secretTask();
        other.key = DetailSamples::key(u"other"_s);
        m_view->show(other, server, {});
        QVERIFY(m_view->secrets().masks());
        m_view->show(running(u"a"_s, 1), server, {});
        QVERIFY(!m_view->secrets().isNeeded());
        m_view->secrets().open();
        QVERIFY(!m_view->secrets().isOpen());
    }

    void copiedSecretLeavesTheClipboard()
    {
        QClipboard *clipboard = QGuiApplication::clipboard();
        m_view->show(secretTask(), server, {});
        SecretGate &gate = m_view->secrets();
        gate.open();
        gate.copy(u"private"_s);
        m_clock->advance(31s);
        QCOMPARE(clipboard->text(), QString());
        gate.open();
        gate.copy(u"private"_s);
        clipboard->setText(u"something else"_s);
        m_clock->advance(31s);
        QCOMPARE(clipboard->text(), u"something else"_s);
        gate.open();
        gate.copy(u"private"_s);
        m_view.reset();
        QCOMPARE(clipboard->text(), QString());
    }

    /// X11's selection with the mouse is told of like a copy, and must not make it forgotten.
    void eachCopiedSecretLeavesTheClipboardInItsTime()
    {
        const QClipboard *clipboard = QGuiApplication::clipboard();
        m_view->show(secretTask(), server, {});
        SecretGate &gate = m_view->secrets();
        gate.open();
        gate.copy(u"private"_s);
        m_clock->advance(20s);
        gate.noteCopied(u"marked with the mouse"_s);
        m_clock->advance(9s);
        QCOMPARE(clipboard->text(), u"private"_s);
        m_clock->advance(2s);
        QCOMPARE(clipboard->text(), QString());

        gate.open();
        gate.copy(u"marked with the mouse"_s); // once more: it has its time from now on
        gate.copy(u"private"_s);
        gate.copy(u"marked with the mouse"_s);
        m_clock->advance(20s);
        QCOMPARE(clipboard->text(), u"marked with the mouse"_s);
        m_clock->advance(11s);
        QCOMPARE(clipboard->text(), QString());
        QCOMPARE(m_clock->activeTimers(), 0);

        gate.open();
        gate.copy(u"private"_s);
        gate.noteCopied(u"marked with the mouse"_s);
        m_view.reset();
        QCOMPARE(clipboard->text(), QString());
    }

    void errorNamesStepCodeAndDetails()
    {
        const TaskRecord record = DetailSamples::failed(
            u"a"_s, {.code = u"500"_s,
                     .message = u"INSUFFICIENT_PAYER_BALANCE"_s,
                     .details = R"({"code":500,"message":"x","cause":{"topic":"0.0.5"}})"});
        m_view->setCurrentTab(TaskDetailView::ErrorTab);
        m_view->show(record, server, {});
        const QString text = m_view->error().facts().toPlainText();
        for (const QString &part : {u"Create topics"_s, u"500"_s, u"INSUFFICIENT_PAYER_BALANCE"_s})
            QVERIFY2(text.contains(part), qPrintable(part));
        const JsonPane &pane = m_view->error().pane();
        QVERIFY(pane.isVisible());
        QTRY_VERIFY(pane.isReady());
        m_view->error().copy();
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"\"topic\":\"0.0.5\""_s));

        m_view->show(DetailSamples::failed(
                         u"b"_s, {.code = {}, .message = u"[object Object]"_s, .details = {}}),
                     server, {});
        QVERIFY(!pane.isVisible());
        m_view->show(running(u"c"_s, 1), server, {});
        QVERIFY(!m_view->error().facts().isVisible());
    }

    void secretsOfAnErrorAreMaskedToo()
    {
        const QString secret = u"302e0201private"_s;
        const QByteArray details = R"({"message":"no","sent":{"privateKey":"302e0201private"}})";
        TaskRecord record =
            DetailSamples::failed(u"a"_s, {.code = {}, .message = u"no"_s, .details = details});
        ReplyData reply = *record.reply;
        reply.body = R"({"taskId":"a","action":"Import policy file","error":)" + details + '}';
        record.reply = std::make_shared<const ReplyData>(reply);
        m_view->setCurrentTab(TaskDetailView::ErrorTab);
        m_view->show(record, server, {});
        const JsonPane &pane = m_view->error().pane();
        const auto isShown = [&] { return pane.json()->bytes().contains(secret.toUtf8()); };
        QTRY_VERIFY(pane.isReady());
        QVERIFY(pane.json()->bytes().contains("privateKey"));
        QVERIFY(!isShown());
        const auto isOffered = [](const QWidget &page) {
            return page.findChild<SecretBanner *>()->isVisible();
        };
        QVERIFY(isOffered(pane));
        m_view->setCurrentTab(TaskDetailView::ResultTab); // which has none
        QVERIFY(!isOffered(m_view->result().pane()));
        m_view->setCurrentTab(TaskDetailView::ErrorTab);
        QClipboard *clipboard = QGuiApplication::clipboard();
        m_view->error().copy();
        QVERIFY(clipboard->text().contains(u"privateKey"_s));
        QVERIFY(!clipboard->text().contains(secret));

        m_view->secrets().open();
        QTRY_VERIFY(isShown());
        m_view->error().copy();
        QVERIFY(clipboard->text().contains(secret));
        const QString path = m_dir.filePath(u"error.json"_s);
        m_view->error().pane().saveTo(path);
        QTRY_VERIFY(!contentOf(path).isEmpty());
        QVERIFY(!contentOf(path).contains(secret.toUtf8()));
        m_clock->advance(31s);
        QVERIFY(!isShown());
        QCOMPARE(clipboard->text(), QString());
        m_view->setCurrentTab(TaskDetailView::RawTab);
        const LargeTextView &raw = m_view->raw().text();
        QTRY_VERIFY(raw.toPlainText().contains(u"privateKey"_s));
        QVERIFY(!raw.toPlainText().contains(secret));

        TaskSnapshot snapshot = *record.snapshot;
        snapshot.secretRule = SecretRule::ShowAll;
        record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
        m_view->show(record, server, {});
        QVERIFY(!m_view->secrets().isNeeded());
        m_view->error().copy();
        QVERIFY(clipboard->text().contains(secret));
    }

    void rawShowsTheReplyAndChooses()
    {
        TaskRecord record = running(u"a"_s, 1);
        ReplyData strange;
        strange.httpStatus = 502;
        strange.body = "<html>\xff bad gateway"_ba;
        strange.headers = {{"Content-Type", "text/html"}};
        record.strangeReply = std::make_shared<const ReplyData>(strange);
        m_view->setCurrentTab(TaskDetailView::RawTab);
        m_view->show(record, server, {});
        RawPage &raw = m_view->raw();
        QTRY_VERIFY(
            raw.text().toPlainText().startsWith(u"HTTP 502\nContent-Type: text/html\n\n"_s));
        QVERIFY(raw.text().toPlainText().endsWith(u"<html>\uFFFD bad gateway"_s));
        raw.setChoice(RawPage::LastReadable);
        QTRY_VERIFY(raw.text().toPlainText().startsWith(u"HTTP 200"_s));
        QVERIFY(!raw.note().isEmpty());
    }

    void secretsOfWhatCouldNotBeReadAreMaskedToo_data()
    {
        QTest::addColumn<bool>("wasRead"); // another reply, before
        QTest::newRow("of a task that is known") << true;
        QTest::newRow("of one that is not") << false;
    }

    void secretsOfWhatCouldNotBeReadAreMaskedToo()
    {
        QFETCH(const bool, wasRead);
        const QString secret = u"302e0201private"_s;
        TaskRecord record = completed(u"a"_s, R"({"open":1})");
        if (!wasRead) {
            record.snapshot.reset();
            record.reply.reset();
            record.outcome = Outcome::Unreadable;
        }
        ReplyData strange;
        strange.httpStatus = 200;
        strange.headers = {{"X-Sent", "password=hunter2"}};
        strange.body = R"({"data":{"action":"Create random key","result":)"
                       R"({"id":"0.0.1","key":"302e0201private"}}})"_ba;
        record.strangeReply = std::make_shared<const ReplyData>(strange);
        m_view->setCurrentTab(TaskDetailView::RawTab);
        m_view->show(record, server, {});
        RawPage &raw = m_view->raw();
        const auto text = [&raw] { return raw.text().toPlainText(); };
        const auto isOffered = [&raw] { return raw.findChild<SecretBanner *>()->isVisible(); };
        QTRY_VERIFY(text().contains(u"Create random key"_s));
        QVERIFY(!text().contains(secret));
        QVERIFY(!text().contains(u"hunter2"_s));
        QVERIFY(isOffered());
        m_view->setCurrentTab(TaskDetailView::ResultTab); // nothing is masked there
        QTRY_COMPARE(m_view->result().pane().isReady(), wasRead);
        QVERIFY(!m_view->result().pane().findChild<SecretBanner *>()->isVisible());
        m_view->setCurrentTab(TaskDetailView::RawTab);

        m_view->secrets().open();
        QTRY_VERIFY(text().contains(secret));
        QVERIFY(text().contains(u"hunter2"_s));
        const QString path = m_dir.filePath(u"strange.json"_s);
        raw.saveTo(path);
        QTRY_VERIFY(!contentOf(path).isEmpty());
        QVERIFY(contentOf(path).contains("Create random key"));
        QVERIFY(!contentOf(path).contains(secret.toUtf8()));
        m_clock->advance(31s);
        QVERIFY(!text().contains(secret));
        QTRY_VERIFY(text().contains(u"Create random key"_s));
        QVERIFY(!text().contains(secret));

        strange.headers = {};
        strange.body = "<html>bad gateway</html>"_ba;
        record.strangeReply = std::make_shared<const ReplyData>(strange);
        m_view->show(record, server, {});
        QTRY_VERIFY(text().contains(u"bad gateway"_s));
        QVERIFY(!isOffered());
        strange.headers = {{"X-Sent", "password=hunter2"}};
        record.strangeReply = std::make_shared<const ReplyData>(strange);
        m_view->show(record, server, {});
        QVERIFY(isOffered());
        QTRY_VERIFY(text().contains(u"X-Sent"_s));
        QVERIFY(!text().contains(u"hunter2"_s));
    }

    void whatCouldNotBeReadIsMaskedInAFileThoughAllIsShown()
    {
        TaskRecord record = running(u"a"_s, 1);
        TaskSnapshot snapshot = *record.snapshot;
        snapshot.secretRule = SecretRule::ShowAll; // of this task's action, and whose is the reply?
        record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
        ReplyData strange;
        strange.httpStatus = 200;
        strange.body = R"({"taskId":"b","result":{"key":"302e0201private"}})"_ba;
        record.strangeReply = std::make_shared<const ReplyData>(strange);
        m_view->setCurrentTab(TaskDetailView::RawTab);
        m_view->show(record, server, {});
        QTRY_VERIFY(m_view->raw().text().toPlainText().contains(u"result"_s));
        QVERIFY(!m_view->raw().text().toPlainText().contains(u"302e"_s));
        const QString path = m_dir.filePath(u"foreign.json"_s);
        m_view->raw().saveTo(path);
        QTRY_VERIFY(!contentOf(path).isEmpty());
        QVERIFY(contentOf(path).contains("result"));
        QVERIFY(!contentOf(path).contains("302e"));
    }

    void ofALargeReplyThatCouldNotBeReadTheWindowWaitsForNothing()
    {
        TaskRecord record = running(u"a"_s, 1);
        ReplyData strange;
        strange.httpStatus = 200;
        strange.body = "[\"innocent\"]" + QByteArray(300'000, ' ');
        record.strangeReply = std::make_shared<const ReplyData>(strange);
        m_view->setCurrentTab(TaskDetailView::RawTab);
        const LargeTextView &text = m_view->raw().text();
        {
            PoolHeldUp pool;
            m_view->show(record, server, {});
            QCoreApplication::sendPostedEvents();
            QVERIFY(m_view->secrets().masks()); // who knows
            QVERIFY(text.toPlainText().isEmpty());
            pool.release();
        }
        QTRY_VERIFY(text.toPlainText().contains(u"innocent"_s));
    }

    void rawKeepsScrollAndSelection()
    {
        TaskRecord record = completed(u"a"_s, DetailSamples::bigArray(300'000));
        m_view->setCurrentTab(TaskDetailView::RawTab);
        m_view->show(record, server, {});
        LargeTextView &text = m_view->raw().text();
        QTRY_VERIFY(text.isWhole() && text.document()->characterCount() > 300'000);
        QVERIFY(text.findText(u"block 700"_s, false));
        text.verticalScrollBar()->setValue(50);
        const int position = text.textCursor().position();
        record = completed(u"a"_s, DetailSamples::bigArray(310'000));
        m_view->show(record, server, {});
        QTRY_VERIFY(text.document()->characterCount() > 310'300 && text.isWhole());
        QCOMPARE(text.verticalScrollBar()->value(), 50);
        QCOMPARE(text.textCursor().position(), position);
        QCOMPARE(text.textCursor().selectedText(), u"block 700"_s);

        // The breaks that make long lines bearable are not copied.
        text.selectAll();
        text.copy();
        QVERIFY(QGuiApplication::clipboard()->text().endsWith(
            QString::fromUtf8(record.reply->body.whole())));
        m_view->show(completed(u"b"_s, DetailSamples::bigArray(300'000)), server, {});
        QTRY_VERIFY(text.isWhole() && text.document()->characterCount() > 300'000);
        QCOMPARE(text.verticalScrollBar()->value(), 0);
    }

    /// An answer as the one before costs no repaint and no signal of a model where nobody sees it.
    void aCheckIsSeenInTheOverviewAndTheLogAlone()
    {
        TaskRecord record = running(u"a"_s, 3);
        m_view->setCurrentTab(TaskDetailView::StepsTab);
        m_view->show(record, server, DetailSamples::polls(1, 5));
        const QSignalSpy rows(m_view->log().table().model(), &QAbstractItemModel::rowsInserted);
        PaintedParts painted(*m_view);
        QTRY_COMPARE(painted.next(), 0);
        const auto check = [&](int polls) {
            record.checkedAt = record.checkedAt.addSecs(1);
            m_view->takeCheck(record, DetailSamples::polls(1, polls));
        };
        check(6);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(painted.next(), 0);
        QCOMPARE(rows.size(), 0);
        record.label = u"Nightly"_s;
        m_view->show(record, server, DetailSamples::polls(1, 6));
        QVERIFY(painted.isNextLarger());

        m_view->setCurrentTab(TaskDetailView::LogTab);
        QTRY_COMPARE(painted.next(), 0);
        QCOMPARE(m_view->log().table().model()->rowCount(), 6);
        check(7);
        QVERIFY(painted.isNextLarger());
        QCOMPARE(m_view->log().table().model()->rowCount(), 7);

        m_view->setCurrentTab(TaskDetailView::OverviewTab);
        QTRY_COMPARE(painted.next(), 0);
        check(8);
        QVERIFY(painted.isNextLarger());
        QCOMPARE(m_view->log().table().model()->rowCount(), 7);
        const auto lastAnswer = [&] { return m_view->overview().toPlainText(); };
        const QString before = lastAnswer();
        m_view->setCurrentTab(TaskDetailView::StepsTab);
        check(9);
        QCOMPARE(lastAnswer(), before);
        m_view->setCurrentTab(TaskDetailView::OverviewTab); // says what is known by now
        QVERIFY(lastAnswer() != before);
    }

    void logKeepsWhatIsRead()
    {
        m_view->setCurrentTab(TaskDetailView::LogTab);
        m_view->resize(600, 250);
        m_view->show(running(u"a"_s, 1), server, DetailSamples::polls(1, 20));
        QTableView &table = m_view->log().table();
        const auto topmost = [&table] {
            const QModelIndex top = table.indexAt(QPoint(4, 1));
            return top.data().toString()
                   + top.siblingAtColumn(PollLogModel::DurationColumn).data().toString();
        };
        QScrollBar &bar = *table.verticalScrollBar();
        QTRY_VERIFY(bar.maximum() > 150);
        bar.setValue(100);
        table.selectRow(table.rowAt(1));
        const QString read = topmost();
        m_view->show(running(u"a"_s, 2), server, DetailSamples::polls(1, 25));
        QCOMPARE(topmost(), read);
        QCOMPARE(table.selectionModel()->selectedRows().constFirst().row(), table.rowAt(1));
        bar.setValue(0);
        m_view->show(running(u"a"_s, 3), server, DetailSamples::polls(1, 26));
        QCOMPARE(bar.value(), 0);
        QVERIFY(topmost() != read);
    }

    void logShowsTheNewestFirst()
    {
        m_view->setCurrentTab(TaskDetailView::LogTab);
        m_view->show(running(u"a"_s, 1), server, DetailSamples::polls(1, 20));
        QTableView &table = m_view->log().table();
        QCOMPARE(table.model()->rowCount(), 20);
        table.selectRow(3);
        const QPersistentModelIndex selected = table.currentIndex();
        m_view->show(running(u"a"_s, 1), server, DetailSamples::polls(2, 21));
        QCOMPARE(selected.row(), 4);
        QCOMPARE(table.currentIndex(), QModelIndex(selected));
    }

    void logShowsTheServersPollsWhenChosen()
    {
        int asked = 0;
        QList<PollLogEntry> ring = DetailSamples::polls(1, 3);
        ring[1].key.task = TaskId(u"other"_s);
        m_view->setServerLog(
            [&](const ServerId &) {
                ++asked;
                return ring;
            },
            [](const TaskKey &key) {
                return key.task.text() == u"other"_s ? QString() : u"Nightly"_s;
            });
        m_view->show(running(u"a"_s, 1), server, DetailSamples::polls(1, 2));
        m_view->setCurrentTab(TaskDetailView::OverviewTab);
        auto *choice = WidgetFinder::named<QComboBox>(*m_view, u"Last polls of"_s);
        QVERIFY(choice);
        m_view->show(running(u"a"_s, 2), server, DetailSamples::polls(1, 2));
        QCOMPARE(asked, 0);
        m_view->setCurrentTab(TaskDetailView::LogTab);
        QTableView &table = m_view->log().table();
        const QAbstractItemModelTester tester(
            table.model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        QVERIFY(table.isColumnHidden(PollLogModel::TaskColumn));
        QCOMPARE(table.model()->rowCount(), 2);
        QCOMPARE(asked, 0);

        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Down);
        QVERIFY(!table.isColumnHidden(PollLogModel::TaskColumn));
        QCOMPARE(table.model()->rowCount(), 3);
        QCOMPARE(table.accessibleName(), u"Last polls of this server"_s);
        QCOMPARE(table.model()->index(1, PollLogModel::TaskColumn).data(), u"other"_s);
        QCOMPARE(table.model()->index(2, PollLogModel::TaskColumn).data(), u"Nightly"_s);
        ring += DetailSamples::polls(4, 4); // by itself: other tasks' polls are not told here
        m_clock->advance(1s);
        QCOMPARE(table.model()->rowCount(), 4);

        m_view->setCurrentTab(TaskDetailView::OverviewTab); // costs nothing when not shown
        const int before = asked;
        m_view->show(running(u"a"_s, 3), server, DetailSamples::polls(1, 2));
        m_clock->advance(10s);
        QCOMPARE(asked, before);
        m_view->setCurrentTab(TaskDetailView::LogTab);
        QTest::keyClick(choice, Qt::Key_Up);
        QCOMPARE(table.model()->rowCount(), 2);
        QVERIFY(table.isColumnHidden(PollLogModel::TaskColumn));
    }

    void everyControlHasAName()
    {
        m_view->show(secretTask(), server, {});
        QVERIFY(!m_view->overview().accessibleName().isEmpty());
        const QList<QWidget *> widgets = m_view->findChildren<QWidget *>();
        for (const QWidget *widget : widgets) {
            const bool isControl =
                widget->inherits("QAbstractButton") || widget->inherits("QComboBox")
                || widget->inherits("QLineEdit") || widget->inherits("QTextEdit")
                || widget->inherits("QPlainTextEdit")
                || (widget->inherits("QAbstractItemView") && !widget->inherits("QHeaderView"));
            const bool isOurs = !widget->objectName().startsWith(u"qt_"_s)
                                && !widget->inherits("QComboBoxListView")
                                && !widget->inherits("QTableCornerButton")
                                && !widget->parentWidget()->inherits("QLineEdit")
                                && !widget->parentWidget()->inherits("QTabBar");
            if (isControl && isOurs)
                QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }

private:
    QTemporaryDir m_dir;
    Baselines m_baselines;
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskDetailView> m_view;
};

QTEST_MAIN(TestTaskDetailView)
#include "test_taskdetailview.moc"
