#include "desktop/raisewindow.h"

#include <QSignalSpy>
#include <QTest>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace {

constexpr auto variable = "XDG_ACTIVATION_TOKEN";

/// What the platform finds in the environment while the window comes.
class Looked final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Looked)

public:
    Looked() = default;
    ~Looked() override = default;

    QByteArrayList seen;

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Show)
            seen << qgetenv(variable);
        return false;
    }
};

} // namespace

class TestRaiseWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTokenIsUsedOnce();
    void nonsenseIsNoToken_data();
    void nonsenseIsNoToken();
    void aMinimizedWindowComesBack();
};

/// Qt's Wayland plugin reads it with the activation; who came later with it would be refused.
void TestRaiseWindow::aTokenIsUsedOnce()
{
    QWidget window;
    Looked looked;
    window.installEventFilter(&looked);
    raiseWindow(window, u"activation-1"_s);
    QCOMPARE(looked.seen, QByteArrayList{"activation-1"});
    QVERIFY(!qEnvironmentVariableIsSet(variable));
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.hide();
    raiseWindow(window);
    QCOMPARE(looked.seen, (QByteArrayList{"activation-1", QByteArray()}));
}

void TestRaiseWindow::nonsenseIsNoToken_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("space") << u"a b"_s;
    QTest::newRow("line") << u"a\nb"_s;
    QTest::newRow("not ASCII") << u"tökén"_s;
    QTest::newRow("long") << QString(513, u'a');
}

void TestRaiseWindow::nonsenseIsNoToken()
{
    QFETCH(const QString, text);
    QWidget window;
    Looked looked;
    window.installEventFilter(&looked);
    raiseWindow(window, text);
    QCOMPARE(looked.seen, QByteArrayList{QByteArray()});
    QVERIFY(window.isVisible());
}

void TestRaiseWindow::aMinimizedWindowComesBack()
{
    QWidget window;
    window.showMinimized();
    raiseWindow(window);
    QVERIFY(!window.isMinimized() && window.isVisible());
}

QTEST_MAIN(TestRaiseWindow)
#include "test_raisewindow.moc"
