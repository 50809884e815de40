#include "detail/polllogmodel.h"
#include "detail/steptreemodel.h"
#include "detail/times.h"
#include "detailsamples.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using DetailSamples::step;

namespace {

using Steps = std::vector<TaskStep>;
constexpr auto done = StepState::Completed;
constexpr auto runs = StepState::Running;

QStringList namesBelow(const QAbstractItemModel &model, const QModelIndex &parent = {})
{
    QStringList names;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        names.append(index.data().toString());
        for (const QString &below : namesBelow(model, index))
            names.append(u"  "_s + below);
    }
    return names;
}

QStringList namesOf(const Steps &steps)
{
    QStringList names;
    for (const TaskStep &each : steps) {
        names.append(each.name);
        for (const QString &below : namesOf(each.steps))
            names.append(u"  "_s + below);
    }
    return names;
}

} // namespace

class TestStepTreeModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changesOnlyWhatDiffers()
    {
        StepTreeModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setSteps({step(u"A"_s, done, {step(u"A1"_s, done)}), step(u"B"_s, runs)});
        const QPersistentModelIndex child = model.index(0, 0, model.index(0, 0));
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);

        model.setSteps({step(u"A"_s, done, {step(u"A1"_s, done)}), step(u"B"_s, runs)});
        QCOMPARE(changed.count(), 0);
        model.setSteps({step(u"A"_s, done, {step(u"A1"_s, done)}), step(u"B"_s, done),
                        step(u"C"_s, runs, {step(u"C1"_s, runs)})});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 1);
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(removed.count(), 0);
        QCOMPARE(reset.count(), 0);
        QVERIFY(child.isValid());
        QCOMPARE(child.data().toString(), u"A1"_s);
        QCOMPARE(model.runningStep().data().toString(), u"C1"_s);
    }

    void keepsRowsThatStayWhenOthersComeAndGo()
    {
        StepTreeModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setSteps({step(u"A"_s, done), step(u"B"_s, done), step(u"C"_s, done)});
        const QPersistentModelIndex c = model.index(2, 0);
        model.setSteps({step(u"Z"_s, done), step(u"A"_s, done), step(u"C"_s, done)});
        QCOMPARE(c.data().toString(), u"C"_s);
        QCOMPARE(namesBelow(model), (QStringList{u"Z"_s, u"A"_s, u"C"_s}));
        model.setSteps({step(u"C"_s, done)});
        QCOMPARE(c.row(), 0);
        model.setSteps({});
        QVERIFY(!c.isValid());
        QCOMPARE(model.rowCount(), 0);
    }

    void endsAtTheNewStepsWhateverTheOldOnesWere()
    {
        QRandomGenerator random(7); // the same each time
        StepTreeModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        for (int round = 0; round < 200; ++round) {
            Steps steps;
            for (int n = random.bounded(6); n > 0; --n) {
                Steps below;
                for (int m = random.bounded(3); m > 0; --m)
                    below.push_back(step(QString(QChar(u'a' + random.bounded(3))), done));
                steps.push_back(step(QString(QChar(u'A' + random.bounded(5))), runs, below));
            }
            model.setSteps(steps);
            QCOMPARE(namesBelow(model), namesOf(steps));
        }
    }

    void tellsDurationsAndTimes()
    {
        StepTreeModel model;
        model.setSteps({step(u"A"_s, done), step(u"B"_s, runs), step(u"C"_s, StepState::Waiting)});
        const auto text = [&](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QVERIFY(!text(0, StepTreeModel::DurationColumn).isEmpty());
        QVERIFY(text(1, StepTreeModel::DurationColumn).isEmpty());
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setNow(DetailSamples::at(0));
        QVERIFY(changed.count() >= 1);
        QCOMPARE(changed[0][0].toModelIndex(), model.index(1, StepTreeModel::DurationColumn));
        QCOMPARE(changed[0][1].toModelIndex(), model.index(1, StepTreeModel::TimelineColumn));
        QVERIFY(!text(1, StepTreeModel::DurationColumn).isEmpty());
        QVERIFY(text(2, StepTreeModel::DurationColumn).isEmpty());
        QVERIFY(text(2, StepTreeModel::StartColumn).isEmpty());
        QCOMPARE(model.index(0, 0).data(Qt::AccessibleTextRole).toString(), u"A, Completed"_s);
    }

    /// The documented dialect: each step comes with its end alone.
    void aStepBeginsWhereTheOneBeforeItEnded()
    {
        StepTreeModel model;
        const QAbstractItemModelTester tester(&model);
        Steps steps{step(u"A"_s, done), step(u"B"_s, done), step(u"C"_s, done), step(u"D"_s, runs)};
        for (std::size_t i = 0; i < steps.size(); ++i) {
            steps[i].startedAt.reset();
            steps[i].finishedAt = DetailSamples::at(int(i) * 60);
        }
        steps[3].finishedAt.reset();
        model.setSteps(steps);
        model.setNow(DetailSamples::at(600));
        const auto cell = [&](int row, int column) { return model.index(row, column); };
        const auto text = [&](int row, int column) {
            return cell(row, column).data().toString().trimmed();
        };
        const auto tip = [&](int row) {
            return cell(row, StepTreeModel::StartColumn).data(Qt::ToolTipRole).toString();
        };
        QCOMPARE(text(0, StepTreeModel::StartColumn), QString()); // nobody knows
        QCOMPARE(text(0, StepTreeModel::DurationColumn), QString());
        QCOMPARE(text(1, StepTreeModel::DurationColumn), u"1:00"_s);
        QCOMPARE(text(1, StepTreeModel::StartColumn), Times::timeOfDay(DetailSamples::at(0)));
        QVERIFY(tip(1).contains(u"The step before it finished"_s));
        QCOMPARE(cell(1, StepTreeModel::TimelineColumn).data(StepTreeModel::LengthRole), 1.0);
        QCOMPARE(text(3, StepTreeModel::StartColumn), QString()); // what runs may have waited

        // Told of one step, and seen by us of the next: two clocks.
        steps[1].finishSeen = true;
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setSteps(steps);
        QCOMPARE(changed[0][1].toModelIndex().row(), 2); // it has lost its start
        QCOMPARE(text(1, StepTreeModel::DurationColumn), QString());
        QCOMPARE(text(2, StepTreeModel::StartColumn), QString());
        steps[2].finishSeen = true;
        model.setSteps(steps);
        QCOMPARE(text(2, StepTreeModel::DurationColumn), u"1:00"_s);
        QVERIFY(tip(2).contains(u"The step before it was seen to finish"_s));

        steps[2].finishedAt = DetailSamples::at(30); // not one after the other
        model.setSteps(steps);
        QCOMPARE(text(2, StepTreeModel::StartColumn), QString());
        QCOMPARE(text(2, StepTreeModel::DurationColumn), QString());
    }

    void theTimelineComparesStepsWithTheUsual()
    {
        StepTreeModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setSteps({step(u"A"_s, done, {step(u"A1"_s, done)}), step(u"B"_s, runs),
                        step(u"C"_s, StepState::Waiting)});
        model.setNow(DetailSamples::at(0)); // A took 60 s, B runs for 100 s
        const auto line = [&](const QModelIndex &row, int role) {
            return row.siblingAtColumn(StepTreeModel::TimelineColumn).data(role);
        };
        const QModelIndex a1 = model.index(0, 0, model.index(0, 0));
        QCOMPARE(line(model.index(0, 0), StepTreeModel::LengthRole).toDouble(), 0.6);
        QCOMPARE(line(model.index(1, 0), StepTreeModel::LengthRole).toDouble(), 1.0);
        QVERIFY(!line(model.index(2, 0), StepTreeModel::LengthRole).isValid());
        QVERIFY(!line(a1, StepTreeModel::UsualLengthRole).isValid());

        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QHash<QString, Baseline::Duration> medians{
            {u"A"_s, 1s}, {u"A1"_s, 50s}, {u"B"_s, 200s}};
        model.setUsual(medians, UsualPlace{.path = {1}, .share = 0.25});
        QVERIFY(changed.count() > 0);
        QCOMPARE(line(model.index(1, 0), StepTreeModel::UsualLengthRole).toDouble(), 1.0);
        QCOMPARE(line(model.index(1, 0), StepTreeModel::LengthRole).toDouble(), 0.5);
        QCOMPARE(line(a1, StepTreeModel::UsualLengthRole).toDouble(), 0.25);
        QVERIFY(
            !line(model.index(0, 0), StepTreeModel::UsualLengthRole).isValid()); // its parts say
        QCOMPARE(line(model.index(1, 0), StepTreeModel::UsualMarkRole).toDouble(), 0.25);
        QVERIFY(!line(a1, StepTreeModel::UsualMarkRole).isValid());
        QVERIFY(
            line(model.index(1, 0), Qt::ToolTipRole).toString().contains(u"Usually 3 min 20 s"_s));

        model.clear(); // nothing of it is left for another task
        model.setSteps({step(u"X"_s, done), step(u"B"_s, runs)});
        QVERIFY(!line(model.index(1, 0), StepTreeModel::UsualLengthRole).isValid());
        QVERIFY(!line(model.index(1, 0), StepTreeModel::UsualMarkRole).isValid());
    }

    void showsTheErrorOfAStepLiterally()
    {
        TaskStep bad = step(u"<b>A</b>"_s, StepState::Failed);
        bad.message = u"working"_s;
        bad.error = TaskError{.code = u"17"_s, .message = u"<i>no</i>\nmoney"_s, .details = {}};
        StepTreeModel model;
        model.setSteps({bad});
        QCOMPARE(model.index(0, 0).data().toString(), u"<b>A</b>"_s);
        QCOMPARE(model.index(0, StepTreeModel::MessageColumn).data().toString(),
                 u"17: <i>no</i>↵money"_s);
        QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains(u"&lt;b&gt;A"_s));
    }

    void logAddsNewPollsAtTheTop()
    {
        PollLogModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setEntries(DetailSamples::polls(1, 20));
        QCOMPARE(model.rowCount(), 20);
        QCOMPARE(model.index(0, PollLogModel::StatusColumn).data().toString(), u"200"_s);
        QCOMPARE(model.index(0, PollLogModel::DurationColumn).data().toString(), u"60 ms\u2002"_s);
        const QPersistentModelIndex newest = model.index(0, 0);
        const QPersistentModelIndex oldest = model.index(19, 0);
        const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.setEntries(DetailSamples::polls(1, 20));
        QCOMPARE(inserted.count(), 0);
        model.setEntries(DetailSamples::polls(3, 22));
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(model.rowCount(), 20);
        QCOMPARE(newest.row(), 2);
        QVERIFY(!oldest.isValid());
        model.setEntries(DetailSamples::polls(100, 105));
        QCOMPARE(model.rowCount(), 6);
        model.setEntries({});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(TestStepTreeModel)
#include "test_steptreemodel.moc"
