#include "manualclock.h"
#include "paintgate.h"

#include <QTest>

using namespace std::chrono_literals;

namespace {

/// Counts when it is painted.
class Painted final : public QWidget
{
public:
    int count = 0;

protected:
    void paintEvent(QPaintEvent * /*event*/) override { ++count; }
};

} // namespace

class TestPaintGate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workWaitsForTheFirstPaint()
    {
        const ManualClock clock;
        Painted window;
        PaintGate gate(window, clock);
        window.show();
        int paintedBefore = -1;
        gate.pass([&] { paintedBefore = window.count; });
        QCOMPARE(paintedBefore, -1);
        QTRY_VERIFY(paintedBefore >= 1);
        int later = 0;
        gate.pass([&later] { ++later; });
        QCOMPARE(later, 1);
    }

    void aWindowThatIsNotShownHoldsNothingBack()
    {
        const ManualClock clock;
        QWidget window;
        PaintGate gate(window, clock);
        int done = 0;
        gate.pass([&done] { ++done; });
        QCOMPARE(done, 1);
    }

    void aWindowThatNobodySeesHoldsBackForHalfASecond()
    {
        ManualClock clock;
        QWidget window;
        PaintGate gate(window, clock);
        window.setUpdatesEnabled(false); // no paint ever comes
        window.show();
        int done = 0;
        gate.pass([&done] { ++done; });
        gate.pass([&done] { ++done; });
        clock.advance(499ms);
        QCOMPARE(done, 0);
        clock.advance(1ms);
        QCOMPARE(done, 2);
    }

    void whoEndsEarlyOpensIt()
    {
        const ManualClock clock;
        QWidget window;
        PaintGate gate(window, clock);
        window.show();
        int done = 0;
        gate.pass([&done] { ++done; });
        gate.open();
        gate.open();
        QCOMPARE(done, 1);
    }
};

QTEST_MAIN(TestPaintGate)
#include "test_paintgate.moc"
