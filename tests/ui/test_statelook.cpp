#include "statelook.h"

#include <QImage>
#include <QPalette>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

/// Shapes and colours of states.
class TestStateLook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyStateHasAShapeOfItsOwn();
    void everyColourCanBeReadOnItsGround_data();
    void everyColourCanBeReadOnItsGround();
    void symbolsExistAndTakeTheTextColour();
    void aSelectedIconIsInHighlightedText();
    void iconsAreSharpAtAnyScale();
    void contrastIsAsWcagHasIt();
};

namespace {

constexpr int outcomeCount = int(Outcome::Unreadable) + 1;
constexpr int connectionCount = int(Connection::CertificateProblem) + 1;

QPalette paletteOn(const QColor &base)
{
    QPalette palette;
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::HighlightedText, Qt::magenta);
    palette.setColor(QPalette::WindowText, QColor(u"#224466"_s));
    return palette;
}

QImage drawn(const QIcon &icon, QIcon::Mode mode = QIcon::Normal, int size = 32)
{
    return icon.pixmap(QSize(size, size), mode).toImage().convertToFormat(QImage::Format_ARGB32);
}

/// Which pixels are covered, whatever their colour.
QByteArray shapeOf(const QIcon &icon)
{
    const QImage image = drawn(icon);
    QByteArray shape;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            shape.append(image.pixelColor(x, y).alpha() > 127 ? '#' : ' ');
    return shape;
}

/// The colour of a pixel that is covered whole.
QColor inkOf(const QIcon &icon, QIcon::Mode mode = QIcon::Normal)
{
    const QImage image = drawn(icon, mode, 64);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixelColor(x, y).alpha() == 255)
                return image.pixelColor(x, y);
    return {};
}

} // namespace

void TestStateLook::everyStateHasAShapeOfItsOwn()
{
    const QPalette palette = paletteOn(Qt::white);
    QSet<QByteArray> shapes;
    for (int i = 0; i < outcomeCount; ++i)
        shapes.insert(shapeOf(StateLook::icon(Outcome(i), false, palette)));
    shapes.insert(shapeOf(StateLook::icon(Outcome::Failed, true, palette)));
    for (int i = 0; i < connectionCount; ++i)
        shapes.insert(shapeOf(StateLook::icon(Connection(i), palette)));
    QCOMPARE(shapes.size(), outcomeCount + 1 + connectionCount);
    for (const QByteArray &shape : shapes)
        QVERIFY(shape.count('#') > 40);
}

void TestStateLook::everyColourCanBeReadOnItsGround_data()
{
    QTest::addColumn<QColor>("base");
    for (const auto &name : {u"#ffffff"_s, u"#f5f5f5"_s, u"#1e1e1e"_s, u"#232629"_s, u"#2b2b2b"_s,
                             u"#353535"_s, u"#000000"_s, u"#d0c8b0"_s, u"#4a4a4a"_s})
        QTest::newRow(qPrintable(name)) << QColor(name);
}

void TestStateLook::everyColourCanBeReadOnItsGround()
{
    QFETCH(QColor, base);
    const QPalette palette = paletteOn(base);
    for (int i = 0; i < outcomeCount; ++i) {
        QVERIFY(StateLook::contrast(StateLook::colour(Outcome(i), palette), base) >= 4.5);
        QVERIFY(StateLook::contrast(StateLook::colour(Outcome(i), palette, true), base) >= 4.5);
        QCOMPARE(inkOf(StateLook::icon(Outcome(i), false, palette)),
                 StateLook::colour(Outcome(i), palette));
    }
    for (int i = 0; i < connectionCount; ++i)
        QVERIFY(StateLook::contrast(StateLook::colour(Connection(i), palette), base) >= 4.5);
}

void TestStateLook::symbolsExistAndTakeTheTextColour()
{
    const QPalette palette = paletteOn(Qt::white);
    QSet<QByteArray> shapes;
    const QStringList names{u"watch"_s, u"lookup"_s,  u"filter"_s,    u"refresh"_s,
                            u"pause"_s, u"resume"_s,  u"copy"_s,      u"remove"_s,
                            u"undo"_s,  u"save"_s,    u"search"_s,    u"settings"_s,
                            u"menu"_s,  u"warning"_s, u"sign-in"_s,   u"open-external"_s,
                            u"close"_s, u"info"_s,    u"step-info"_s, u"step-skipped"_s};
    for (const QString &name : names) {
        const QIcon icon = StateLook::symbol(name, palette);
        QCOMPARE(inkOf(icon), palette.color(QPalette::WindowText));
        shapes.insert(shapeOf(icon));
    }
    QCOMPARE(shapes.size(), names.size());
    const QColor own = inkOf(StateLook::symbol(u"taskwatch"_s, palette));
    QVERIFY(own.isValid());
    QVERIFY(own != palette.color(QPalette::WindowText));
    QVERIFY(!inkOf(StateLook::symbol(u"no such symbol"_s, palette)).isValid());
}

void TestStateLook::aSelectedIconIsInHighlightedText()
{
    const QPalette palette = paletteOn(Qt::white);
    const QIcon icon = StateLook::icon(Outcome::Failed, false, palette);
    QCOMPARE(inkOf(icon, QIcon::Selected), QColor(Qt::magenta));
    QCOMPARE(inkOf(icon, QIcon::Disabled), palette.color(QPalette::Disabled, QPalette::Text));
    const QIcon copy = icon; // NOLINT(performance-unnecessary-copy-initialization): it is the test
    QCOMPARE(drawn(copy), drawn(icon));
}

void TestStateLook::iconsAreSharpAtAnyScale()
{
    const QIcon icon = StateLook::icon(Outcome::Failed, false, paletteOn(Qt::white));
    const QPixmap large = icon.pixmap(QSize(16, 16), 3.0);
    QCOMPARE(large.size(), QSize(48, 48));
    QCOMPARE(large.devicePixelRatio(), 3.0);
    // Drawn at that size, and not a small one blown up.
    QVERIFY(large.toImage()
            != icon.pixmap(QSize(16, 16))
                   .toImage()
                   .scaled(48, 48, Qt::KeepAspectRatio, Qt::SmoothTransformation));
}

void TestStateLook::contrastIsAsWcagHasIt()
{
    QVERIFY(qAbs(StateLook::contrast(Qt::black, Qt::white) - 21) < 0.01);
    QVERIFY(qAbs(StateLook::contrast(Qt::white, Qt::white) - 1) < 0.01);
    QVERIFY(qAbs(StateLook::contrast(QColor(u"#777777"_s), Qt::white) - 4.48) < 0.01);
    QVERIFY(!StateLook::isDark(paletteOn(Qt::white)));
    QVERIFY(StateLook::isDark(paletteOn(QColor(u"#353535"_s))));
}

QTEST_MAIN(TestStateLook)
#include "test_statelook.moc"
