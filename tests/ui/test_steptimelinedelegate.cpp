#include "detail/steptimelinedelegate.h"
#include "detail/steptreemodel.h"
#include "statelook.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyleFactory>
#include <QTest>

using namespace Qt::StringLiterals;

/// What the delegate paints, measured in pixels. It sees roles only.
class TestStepTimelineDelegate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void theLineIsAsLongAsItsShare_data();
    void theLineIsAsLongAsItsShare();
    void eachStateHasItsColour();
    void whatIsUsualLiesBelow();
    void theMarkIsWhereAUsualRunWouldBe();
    void aSelectedRowIsInHighlightedText();
    void rightToLeftIsMirrored();
    void nothingIsPaintedWhereNothingIsKnown();

private:
    void set(StepState state, const QVariant &length, const QVariant &usual = {},
             const QVariant &mark = {});
    /// A cell that is `width` and two margins wide, and 24 high.
    [[nodiscard]] QImage paint(QStyle::State state = QStyle::State_Enabled | QStyle::State_Active,
                               Qt::LayoutDirection direction = Qt::LeftToRight) const;
    [[nodiscard]] static QRect placeOf(const QImage &image, const QColor &colour);
    [[nodiscard]] QColor colourOf(Outcome outcome) const
    {
        return StateLook::colour(outcome, m_palette);
    }

    static constexpr int margin = 8;
    static constexpr int width = 200;
    QStandardItemModel m_model{1, 1};
    StepTimelineDelegate m_delegate;
    QPalette m_palette;
};

void TestStepTimelineDelegate::initTestCase()
{
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    m_palette.setColor(QPalette::Base, Qt::white);
    m_palette.setColor(QPalette::Text, Qt::black);
    m_palette.setColor(QPalette::Highlight, QColor(u"#2040a0"_s));
    m_palette.setColor(QPalette::HighlightedText, QColor(u"#ffff80"_s));
}

void TestStepTimelineDelegate::init()
{
    m_model.clear();
    m_model.appendRow(new QStandardItem); // the model's
}

void TestStepTimelineDelegate::set(StepState state, const QVariant &length, const QVariant &usual,
                                   const QVariant &mark)
{
    const QModelIndex index = m_model.index(0, 0);
    m_model.setData(index, int(state), StepTreeModel::StateRole);
    m_model.setData(index, length, StepTreeModel::LengthRole);
    m_model.setData(index, usual, StepTreeModel::UsualLengthRole);
    m_model.setData(index, mark, StepTreeModel::UsualMarkRole);
}

QImage TestStepTimelineDelegate::paint(QStyle::State state, Qt::LayoutDirection direction) const
{
    QImage image(width + 2 * margin, 24, QImage::Format_ARGB32_Premultiplied);
    image.fill(m_palette.color(QPalette::Base));
    QStyleOptionViewItem option;
    option.rect = image.rect();
    option.state = state;
    option.direction = direction;
    option.palette = m_palette;
    option.showDecorationSelected = true;
    QPainter painter(&image);
    m_delegate.paint(&painter, option, m_model.index(0, 0));
    painter.end();
    return image;
}

/// Where anything is of that colour.
QRect TestStepTimelineDelegate::placeOf(const QImage &image, const QColor &colour)
{
    QRect place;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixelColor(x, y) == colour)
                place |= QRect(x, y, 1, 1);
    return place;
}

void TestStepTimelineDelegate::theLineIsAsLongAsItsShare_data()
{
    QTest::addColumn<double>("share");
    QTest::addColumn<int>("pixels");
    QTest::newRow("no time at all") << 0.0 << 2;
    QTest::newRow("a quarter") << 0.25 << 50;
    QTest::newRow("a half") << 0.5 << 100;
    QTest::newRow("the longest") << 1.0 << width;
}

void TestStepTimelineDelegate::theLineIsAsLongAsItsShare()
{
    QFETCH(double, share);
    QFETCH(int, pixels);
    set(StepState::Running, share);
    const QRect running = placeOf(paint(), colourOf(Outcome::Running));
    QCOMPARE(running.left(), margin);
    QCOMPARE(running.width(), pixels);
    QVERIFY(qAbs(running.center().y() - 12) <= 1);
    set(StepState::Completed, share);
    const QRect ended = placeOf(paint(), colourOf(Outcome::Completed));
    QCOMPARE(ended.width(), pixels);
    QVERIFY(ended.height() < running.height()); // what runs stands out
}

void TestStepTimelineDelegate::eachStateHasItsColour()
{
    for (const auto &[state, outcome] :
         QList<std::pair<StepState, Outcome>>{{StepState::Waiting, Outcome::Waiting},
                                              {StepState::Skipped, Outcome::Waiting},
                                              {StepState::Info, Outcome::Waiting},
                                              {StepState::Running, Outcome::Running},
                                              {StepState::Completed, Outcome::Completed},
                                              {StepState::Failed, Outcome::Failed}}) {
        set(state, 0.5);
        QCOMPARE(placeOf(paint(), colourOf(outcome)).width(), 100);
    }
}

void TestStepTimelineDelegate::whatIsUsualLiesBelow()
{
    set(StepState::Running, 0.25, 0.75);
    const QImage image = paint();
    const QRect line = placeOf(image, colourOf(Outcome::Running));
    QCOMPARE(line.width(), 50);
    const QColor track = image.pixelColor(margin + 100, line.center().y());
    QVERIFY(track != m_palette.color(QPalette::Base));
    const QRect usual = placeOf(image, track);
    QCOMPARE(usual.left(), margin + 50);
    QCOMPARE(usual.right(), margin + 150 - 1);
    QCOMPARE(usual.height(), line.height());
    set(StepState::Running, 0.75, 0.25); // slower than usual: nothing shows behind it
    QVERIFY(placeOf(paint(), track).isEmpty());
}

void TestStepTimelineDelegate::theMarkIsWhereAUsualRunWouldBe()
{
    set(StepState::Running, 0.25);
    const QRect line = placeOf(paint(), colourOf(Outcome::Running));
    for (const double share : {0.0, 0.5, 1.0, 7.0}) {
        set(StepState::Running, 0.25, {}, share);
        const QRect mark = placeOf(paint(), m_palette.color(QPalette::Text));
        QVERIFY(mark.width() >= 1 && mark.width() <= 3);
        QVERIFY(mark.top() < line.top() && mark.bottom() > line.bottom());
        const double place = margin + std::min(share, 1.0) * (width - mark.width());
        QVERIFY2(qAbs(mark.left() - place) <= 1, qPrintable(QString::number(mark.left())));
    }
}

void TestStepTimelineDelegate::aSelectedRowIsInHighlightedText()
{
    set(StepState::Failed, 0.5);
    const QImage image =
        paint(QStyle::State_Enabled | QStyle::State_Active | QStyle::State_Selected);
    QCOMPARE(placeOf(image, m_palette.color(QPalette::HighlightedText)).width(), 100);
    QVERIFY(placeOf(image, colourOf(Outcome::Failed)).isEmpty());
}

void TestStepTimelineDelegate::rightToLeftIsMirrored()
{
    set(StepState::Running, 0.25, 0.5, 0.75);
    const auto state = QStyle::State_Enabled | QStyle::State_Active;
    QCOMPARE(paint(state, Qt::RightToLeft), paint(state).mirrored(true, false));
    QVERIFY(paint(state, Qt::RightToLeft) != paint(state));
}

void TestStepTimelineDelegate::nothingIsPaintedWhereNothingIsKnown()
{
    set(StepState::Running, {});
    QImage empty = paint();
    empty.fill(m_palette.color(QPalette::Base));
    QCOMPARE(paint(), empty);
}

QTEST_MAIN(TestStepTimelineDelegate)
#include "test_steptimelinedelegate.moc"
