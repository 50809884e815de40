#include "desktop/raisewindow.h"

#include <QTest>
#include <QWidget>
#include <QWindow>

#include <dlfcn.h>

using namespace Qt::StringLiterals;

namespace {

constexpr auto variable = "XDG_ACTIVATION_TOKEN";

/// The token in the environment whenever a window asked to be activated.
QByteArrayList &atActivation()
{
    static QByteArrayList seen;
    return seen;
}

} // namespace

/// In the place of QtGui's, for QWidget::activateWindow(): no platform but Wayland's shows when it
/// looks for the token, and that is here.
void QWindow::requestActivate()
{
    atActivation() << qgetenv(variable);
    using Activate = void (*)(QWindow *);
    static const auto activate =
        reinterpret_cast<Activate>(::dlsym(RTLD_NEXT, "_ZN7QWindow15requestActivateEv"));
    activate(this);
}

class TestRaiseWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { atActivation().clear(); }
    void aTokenIsUsedOnce();
    void nonsenseIsNoToken_data();
    void nonsenseIsNoToken();
    void aMinimizedWindowComesBack();
};

/// Qt's Wayland plugin reads it with the activation; who came later with it would be refused.
void TestRaiseWindow::aTokenIsUsedOnce()
{
    QWidget window;
    raiseWindow(window, u"activation-1"_s);
    QCOMPARE(atActivation(), QByteArrayList{"activation-1"});
    QVERIFY(!qEnvironmentVariableIsSet(variable));
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.hide();
    raiseWindow(window);
    QCOMPARE(atActivation(), (QByteArrayList{"activation-1", QByteArray()}));
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
    raiseWindow(window, text);
    QCOMPARE(atActivation(), QByteArrayList{QByteArray()});
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
