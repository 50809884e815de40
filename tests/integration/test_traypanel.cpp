#include "desktop/desktoppresence.h"

#include "insidedisplay.h"
#include "mainwindow.h"
#include "manualclock.h"
#include "privatebus.h"
#include "privatedisplay.h"
#include "task/polllog.h"
#include "task/taskstore.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QIcon>
#include <QPixmap>
#include <QScreen>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdlib>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// A panel that ends leaves a call of Qt's without an answer, and Qt 6.4 never frees it.
extern "C" const char *__lsan_default_suppressions()
{
    return "leak:libQt6DBus";
}

namespace {

constexpr int panelSize = 40; ///< at the lower edge of the screen, the tray at its left
constexpr int panelWidth = 200;
constexpr int iconSize = 32;
constexpr auto panelVariable = "TASKWATCH_TEST_PANEL"; ///< its process id

/// The way over the bus and through the panel rounds colours.
bool isNear(QRgb a, QRgb b)
{
    constexpr int tolerance = 24;
    return std::abs(qRed(a) - qRed(b)) <= tolerance && std::abs(qGreen(a) - qGreen(b)) <= tolerance
           && std::abs(qBlue(a) - qBlue(b)) <= tolerance;
}

/// Where the picture's opaque pixels are on the screen; absent: nowhere.
std::optional<QPoint> findPicture(const QImage &screen, const QImage &picture)
{
    struct Dot {
        int x;
        int y;
        QRgb colour;
    };
    std::vector<Dot> dots;
    dots.reserve(size_t(picture.width()) * size_t(picture.height()));
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            if (qAlpha(picture.pixel(x, y)) == 255)
                dots.push_back({x, y, picture.pixel(x, y)});
        }
    }
    if (dots.size() < size_t(iconSize) * iconSize / 2)
        return {};
    const size_t mostMisses = dots.size() / 3; // the panel scales it a little, which blurs
    for (int top = 0; top <= screen.height() - picture.height(); ++top) {
        for (int left = 0; left <= screen.width() - picture.width(); ++left) {
            size_t misses = 0;
            for (auto dot = dots.begin(); dot != dots.end() && misses <= mostMisses; ++dot)
                misses += isNear(screen.pixel(left + dot->x, top + dot->y), dot->colour) ? 0 : 1;
            if (misses <= mostMisses)
                return QPoint(left, top);
        }
    }
    return {};
}

} // namespace

/// The tray icon in a real panel (xfce4-panel), as it is painted.
class TestTrayPanel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void thePanelShowsTheState();
    void aPanelThatEndsBringsTheWindowBack();

private:
    void watch(Outcome outcome, int count);
    [[nodiscard]] bool isShown(const TrayFacts &facts);

    ManualClock m_clock;
    TaskStore m_store{m_clock};
    PollLog m_log;
    MainWindow m_window{m_store, m_log, m_clock};
    DesktopPresence m_presence{m_store, m_window, m_clock};
};

void TestTrayPanel::initTestCase()
{
    QTRY_VERIFY_WITH_TIMEOUT(m_presence.tray(), 20'000);
}

void TestTrayPanel::watch(Outcome outcome, int count)
{
    QList<TaskRecord> records;
    for (int i = 0; i < count; ++i) {
        TaskRecord record;
        record.key = {ServerId::create(), TaskId(u"task"_s)};
        record.outcome = outcome;
        records << record;
    }
    m_store.load(records);
}

bool TestTrayPanel::isShown(const TrayFacts &facts)
{
    m_clock.advance(1s);
    QScreen *screen = QGuiApplication::primaryScreen();
    const QImage panel =
        screen->grabWindow(0, 0, screen->size().height() - panelSize, panelWidth, panelSize)
            .toImage();
    const QImage icon = trayIcon(facts).pixmap(QSize(iconSize, iconSize), 1.0).toImage();
    return findPicture(panel.convertToFormat(QImage::Format_RGB32),
                       icon.convertToFormat(QImage::Format_ARGB32))
        .has_value();
}

void TestTrayPanel::thePanelShowsTheState()
{
    TrayFacts facts;
    QTRY_VERIFY_WITH_TIMEOUT(isShown(facts), 20'000);
    watch(Outcome::Stalled, 2);
    facts.worst = Outcome::Stalled;
    facts.attention = 2;
    QTRY_VERIFY_WITH_TIMEOUT(isShown(facts), 10'000);
    watch(Outcome::Failed, 150); // "99+"
    TrayFacts more = facts;
    more.worst = Outcome::Failed;
    more.attention = 152;
    QTRY_VERIFY_WITH_TIMEOUT(isShown(more), 10'000);
    QVERIFY(!isShown(facts));
}

void TestTrayPanel::aPanelThatEndsBringsTheWindowBack()
{
    m_presence.setOnClose(Settings::OnClose::KeepInTray);
    m_window.show();
    m_window.close();
    QVERIFY(!m_window.isVisible());
    const int panel = qEnvironmentVariableIntValue(panelVariable);
    QVERIFY(panel > 1); // 0 would be this test and who started it
    QCOMPARE(::kill(panel, SIGTERM), 0);
    QTRY_VERIFY_WITH_TIMEOUT((m_clock.advance(1s), m_window.isVisible()), 20'000);
}

namespace {

constexpr auto panelSettings = R"(<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=10;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="%1"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="icon-size" type="int" value="%2"/>
      <property name="hide-new-items" type="bool" value="false"/>
    </property>
  </property>
</channel>
)";

/// The desktop: bus, display, the panel and its settings' service; runs this program again inside
/// of it.
QString runDesktop(int &status)
{
    const QTemporaryDir home;
    const QString folder = home.filePath(u".config/xfce4/xfconf/xfce-perchannel-xml"_s);
    QFile file(folder + u"/xfce4-panel.xml"_s);
    if (!QDir().mkpath(folder) || !file.open(QIODevice::WriteOnly))
        return u"the panel's settings cannot be written"_s;
    file.write(QString::fromLatin1(panelSettings).arg(panelSize).arg(iconSize).toUtf8());
    file.close();

    PrivateBus bus;
    PrivateDisplay display;
    QString trouble = bus.start();
    if (trouble.isEmpty())
        trouble = display.start();
    if (!trouble.isEmpty())
        return trouble;
    QProcessEnvironment environment = display.environment();
    environment.insert(u"HOME"_s, home.path());
    environment.insert(u"XDG_CONFIG_HOME"_s, home.filePath(u".config"_s));
    environment.insert(u"XDG_CACHE_HOME"_s, home.filePath(u".cache"_s));
    environment.insert(u"XDG_DATA_HOME"_s, home.filePath(u".local/share"_s));
    environment.insert(u"NO_AT_BRIDGE"_s, u"1"_s);
    const QSettings service(u"/usr/share/dbus-1/services/org.xfce.Xfconf.service"_s,
                            QSettings::IniFormat);
    QProcess settings;
    settings.setProcessEnvironment(environment);
    trouble = startCompanion(settings, service.value(u"D-BUS Service/Exec"_s).toString(),
                             u"xfconf"_s, {});
    if (!trouble.isEmpty())
        return trouble;
    QProcess panel;
    panel.setProcessEnvironment(environment);
    trouble = startCompanion(panel, u"xfce4-panel"_s, u"xfce4-panel"_s,
                             {u"--disable-wm-check"_s, u"--sm-client-disable"_s});
    if (!trouble.isEmpty())
        return trouble;
    environment.insert(QString::fromLatin1(panelVariable), QString::number(panel.processId()));
    status = PrivateDisplay::runAgain(environment);
    endCompanion(panel);
    endCompanion(settings);
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    if (PrivateDisplay::isInside())
        return runInside<TestTrayPanel>(argc, argv);
    const QCoreApplication application(argc, argv);
    int status = 70;
    if (const QString trouble = runDesktop(status); !trouble.isEmpty())
        qFatal("%s", qPrintable(trouble));
    return status;
}
#include "test_traypanel.moc"
