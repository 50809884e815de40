#include "detail/polllogmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestPollLogModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_model = std::make_unique<PollLogModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    }

    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void showsTheNewestFirst()
    {
        PollLogEntry refused = entry(2);
        refused.httpStatus = 0;
        refused.error = PollError{PollError::Kind::Unreachable, u"<b>refused</b>"_s, 0, {}, {}};
        m_model->setEntries({entry(1), refused});
        QCOMPARE(m_model->rowCount(), 2);
        QCOMPARE(text(1, PollLogModel::StatusColumn), u"200"_s);
        QVERIFY(text(1, PollLogModel::DurationColumn).startsWith(u"42 ms"_s));
        QCOMPARE(text(1, PollLogModel::OutcomeColumn), entry(1).words());
        QCOMPARE(text(0, PollLogModel::StatusColumn), u"—"_s);
        QCOMPARE(text(0, PollLogModel::OutcomeColumn), refused.words());
        const QString tip =
            m_model->index(0, PollLogModel::OutcomeColumn).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(u"&lt;b&gt;refused"_s), qPrintable(tip)); // never as markup
    }

    /// As PollLog gives them: the last 20 of ever more, often the same ones again.
    void rowsComeAtTheTopAndGoAtTheBottom()
    {
        const QSignalSpy resets(m_model.get(), &QAbstractItemModel::modelReset);
        for (int newest = 0, round = 0; newest <= 60; newest += ++round % 4) {
            QList<PollLogEntry> last;
            for (int number = std::max(0, newest - 19); number <= newest; ++number)
                last.append(entry(number));
            QPersistentModelIndex top = m_model->index(0, 0);
            const QString before = top.data().toString();
            m_model->setEntries(last);
            QCOMPARE(m_model->rowCount(), int(last.size()));
            for (int row = 0; row < m_model->rowCount(); ++row)
                QCOMPARE(m_model->index(row, 0).data(), timeOf(newest - row));
            if (top.isValid()) // whoever looked at a row still does
                QCOMPARE(top.data().toString(), before);
        }
        QCOMPARE(resets.size(), 0);
    }

    void anotherTasksLogReplacesIt()
    {
        m_model->setEntries({entry(1), entry(2), entry(3)});
        m_model->setEntries({entry(11), entry(12)});
        QCOMPARE(m_model->rowCount(), 2);
        QCOMPARE(m_model->index(0, 0).data(), timeOf(12));
        m_model->setEntries({});
        QCOMPARE(m_model->rowCount(), 0);
    }

private:
    [[nodiscard]] static PollLogEntry entry(int second)
    {
        PollLogEntry entry;
        entry.at = QDateTime::fromSecsSinceEpoch(1'770'000'000 + second, Qt::UTC);
        entry.duration = 42ms;
        entry.httpStatus = 200;
        entry.phase = TaskPhase::Running;
        return entry;
    }
    [[nodiscard]] static QVariant timeOf(int second)
    {
        PollLogModel other;
        other.setEntries({entry(second)});
        return other.index(0, PollLogModel::TimeColumn).data();
    }
    [[nodiscard]] QString text(int row, int column) const
    {
        return m_model->index(row, column).data().toString();
    }

    std::unique_ptr<PollLogModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_MAIN(TestPollLogModel)
#include "test_polllogmodel.moc"
