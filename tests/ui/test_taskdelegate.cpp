#include "account/colourmark.h"
#include "statelook.h"
#include "tasks/progresscell.h"
#include "tasks/taskcolumn.h"
#include "tasks/taskdelegate.h"

#include <QApplication>
#include <QHelpEvent>
#include <QImage>
#include <QLineEdit>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyleFactory>
#include <QTableView>
#include <QTest>
#include <QToolTip>

using namespace Qt::StringLiterals;

/// What the delegate paints, measured in pixels. It sees roles only.
class TestTaskDelegate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void theStatusIsInItsColourInLightAndDark();
    void aSelectedRowIsInHighlightedText();
    void aDisabledRowHasNoColour();
    void theBarIsAsLongAsThePercent_data();
    void theBarIsAsLongAsThePercent();
    void aThinMarkSaysWhereAUsualRunWouldBe();
    void anUnknownProgressIsHatchedAndStill();
    void anEndedBarIsThin();
    void nothingIsShownWhereNothingIsKnown();
    void aNarrowCellShowsTheNumberAlone();
    void nothingIsPaintedOutsideTheCell_data();
    void nothingIsPaintedOutsideTheCell();
    void anIdIsCutInTheMiddle();
    void idsAreMonospaced();
    void anEmptyLabelIsADash();
    void aServersMarkStandsBeforeItsName();
    void rightToLeftIsMirrored();
    void theFocusIsVisible();
    void rowsAreTextAndEightPixelsHigh();
    void labelsHaveAnEditor();
    void onlyWhatIsCutHasItsTextAsTooltip();

private:
    void set(TaskColumn column, const QString &text, Outcome outcome = Outcome::Running,
             const QVariant &percent = {});
    [[nodiscard]] QImage paint(TaskColumn column, const QSize &size,
                               QStyle::State state = QStyle::State_Enabled | QStyle::State_Active,
                               Qt::LayoutDirection direction = Qt::LeftToRight) const;
    [[nodiscard]] QRect inked(const QImage &image) const;
    [[nodiscard]] QModelIndex at(TaskColumn column) const { return m_model.index(0, int(column)); }

    static constexpr int m_border = 20; ///< round the cell, to see what is painted outside
    QStandardItemModel m_model{1, taskColumnCount};
    TaskDelegate m_delegate;
    QPalette m_palette;
};

namespace {

QPalette lightPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::Text, Qt::black);
    palette.setColor(QPalette::Highlight, QColor(u"#2040a0"_s));
    palette.setColor(QPalette::HighlightedText, QColor(u"#ffff80"_s));
    palette.setColor(QPalette::Disabled, QPalette::Text, QColor(u"#808080"_s));
    return palette;
}

QPalette darkPalette()
{
    QPalette palette = lightPalette();
    palette.setColor(QPalette::Base, QColor(u"#232629"_s));
    palette.setColor(QPalette::Text, QColor(u"#eeeeee"_s));
    return palette;
}

int count(const QImage &image, const QColor &colour)
{
    int pixels = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            pixels += image.pixelColor(x, y) == colour ? 1 : 0;
    return pixels;
}

/// The same, blurred edges included.
int countNear(const QImage &image, const QColor &colour)
{
    int pixels = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            const int distance = qAbs(pixel.red() - colour.red())
                                 + qAbs(pixel.green() - colour.green())
                                 + qAbs(pixel.blue() - colour.blue());
            pixels += distance < 120 ? 1 : 0;
        }
    }
    return pixels;
}

/// How many pixels of one line are of a colour.
int run(const QImage &image, int y, const QColor &colour)
{
    return count(image.copy(0, y, image.width(), 1), colour);
}

} // namespace

void TestTaskDelegate::initTestCase()
{
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
}

void TestTaskDelegate::init()
{
    m_model.clear();
    m_model.setRowCount(1);
    m_model.setColumnCount(taskColumnCount);
    m_palette = lightPalette();
}

void TestTaskDelegate::set(TaskColumn column, const QString &text, Outcome outcome,
                           const QVariant &percent)
{
    m_model.setData(at(column), text, Qt::DisplayRole);
    m_model.setData(at(column), int(outcome), OutcomeRole);
    m_model.setData(at(column), percent, PercentRole);
}

QImage TestTaskDelegate::paint(TaskColumn column, const QSize &size, QStyle::State state,
                               Qt::LayoutDirection direction) const
{
    QImage image(size + QSize(2 * m_border, 2 * m_border), QImage::Format_ARGB32_Premultiplied);
    image.fill(m_palette.color(QPalette::Base));
    QStyleOptionViewItem option;
    option.rect = QRect(QPoint(m_border, m_border), size);
    option.state = state;
    option.direction = direction;
    option.palette = m_palette;
    option.font = QApplication::font();
    option.fontMetrics = QFontMetrics(option.font);
    option.showDecorationSelected = true;
    QPainter painter(&image);
    m_delegate.paint(&painter, option, at(column));
    painter.end();
    return image;
}

/// Where anything differs from the ground.
QRect TestTaskDelegate::inked(const QImage &image) const
{
    const QColor ground = m_palette.color(QPalette::Base);
    QRect rect;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixelColor(x, y) != ground)
                rect |= QRect(x, y, 1, 1);
    return rect;
}

void TestTaskDelegate::theStatusIsInItsColourInLightAndDark()
{
    for (const QPalette &palette : {lightPalette(), darkPalette()}) {
        m_palette = palette;
        for (int i = 0; i <= int(Outcome::Unreadable); ++i) {
            set(TaskColumn::Status, u"IIII"_s, Outcome(i));
            const QImage image = paint(TaskColumn::Status, {160, 24});
            const QColor colour = StateLook::colour(Outcome(i), palette);
            QVERIFY(StateLook::contrast(colour, palette.color(QPalette::Base)) >= 4.5);
            const int words = m_border + TaskDelegate::margin + 16;
            QVERIFY(countNear(image.copy(0, 0, words, image.height()), colour) > 5);
            QVERIFY(countNear(image.copy(words, 0, image.width() - words, image.height()), colour)
                    > 5);
        }
    }
}

void TestTaskDelegate::aSelectedRowIsInHighlightedText()
{
    set(TaskColumn::Status, u"IIII"_s, Outcome::Failed);
    const auto state = QStyle::State_Enabled | QStyle::State_Active | QStyle::State_Selected;
    const QImage status = paint(TaskColumn::Status, {160, 24}, state);
    QVERIFY(count(status, m_palette.color(QPalette::Highlight)) > 1'000);
    QVERIFY(count(status, m_palette.color(QPalette::HighlightedText)) > 10);
    QCOMPARE(count(status, StateLook::colour(Outcome::Failed, m_palette)), 0);
    set(TaskColumn::Progress, u"50%"_s, Outcome::Running, 50);
    const QImage progress = paint(TaskColumn::Progress, {160, 24}, state);
    QVERIFY(run(progress, m_border + 12, m_palette.color(QPalette::HighlightedText)) > 40);
    QCOMPARE(count(progress, StateLook::colour(Outcome::Running, m_palette)), 0);
}

void TestTaskDelegate::aDisabledRowHasNoColour()
{
    set(TaskColumn::Status, u"IIII"_s, Outcome::Failed);
    const QImage image = paint(TaskColumn::Status, {160, 24}, QStyle::State_None);
    QCOMPARE(count(image, StateLook::colour(Outcome::Failed, m_palette)), 0);
    QVERIFY(count(image, m_palette.color(QPalette::Disabled, QPalette::Text)) > 5);
}

void TestTaskDelegate::theBarIsAsLongAsThePercent_data()
{
    QTest::addColumn<int>("percent");
    for (const int percent : {0, 1, 10, 38, 50, 99, 100})
        QTest::addRow("%d", percent) << percent;
}

void TestTaskDelegate::theBarIsAsLongAsThePercent()
{
    QFETCH(int, percent);
    set(TaskColumn::Progress, u"%1%"_s.arg(percent), Outcome::Running, percent);
    const QSize size(220, 24);
    const QImage image = paint(TaskColumn::Progress, size);
    QImage scratch(1, 1, QImage::Format_ARGB32);
    QPainter painter(&scratch);
    painter.setFont(QApplication::font());
    ProgressCell cell;
    cell.rect = QRect(QPoint(), size).adjusted(TaskDelegate::margin, 0, -TaskDelegate::margin, 0);
    cell.text = u"%1%"_s.arg(percent);
    const QRect track = cell.track(painter);
    QCOMPARE(track.height(), 6);
    QVERIFY(track.width() > 100);
    const QColor bar = StateLook::colour(Outcome::Running, m_palette);
    const int length = run(image, m_border + 12, bar);
    QVERIFY2(qAbs(length - track.width() * percent / 100.0) <= 0.51,
             qPrintable(QString::number(length)));
    // Six lines of it.
    QCOMPARE(count(image, bar), 6 * length);
}

void TestTaskDelegate::aThinMarkSaysWhereAUsualRunWouldBe()
{
    set(TaskColumn::Progress, u"20%"_s, Outcome::Running, 20);
    const QImage without = paint(TaskColumn::Progress, {220, 24});
    QImage canvas(1, 1, QImage::Format_ARGB32);
    QPainter scratch(&canvas);
    scratch.setFont(QApplication::font());
    ProgressCell cell;
    cell.rect = QRect(0, 0, 220, 24).adjusted(TaskDelegate::margin, 0, -TaskDelegate::margin, 0);
    const int barEnd = m_border + cell.track(scratch).right() + 1;
    const auto markAt = [&](double share) {
        m_model.setData(at(TaskColumn::Progress), share, UsualMarkRole);
        const QImage image = paint(TaskColumn::Progress, {220, 24});
        // Above the bar there is nothing but the mark.
        const QRect above = inked(image.copy(0, m_border + 6, barEnd, 3));
        return above.width() == 2 ? above.left() : -1;
    };
    const int start = markAt(0);
    QCOMPARE(start, m_border + TaskDelegate::margin);
    const int middle = markAt(0.5);
    const int end = markAt(1);
    QVERIFY(start < middle && middle < end);
    QVERIFY(qAbs(middle - (start + end) / 2) <= 1);
    QCOMPARE(markAt(7), end); // however late
    m_model.setData(at(TaskColumn::Progress), QVariant(), UsualMarkRole);
    QCOMPARE(paint(TaskColumn::Progress, {220, 24}), without);
}

void TestTaskDelegate::anUnknownProgressIsHatchedAndStill()
{
    set(TaskColumn::Progress, u"step 4"_s);
    const QImage image = paint(TaskColumn::Progress, {220, 24});
    const QImage middle = image.copy(m_border + 10, m_border + 11, 60, 1);
    QSet<QRgb> colours;
    for (int x = 0; x < middle.width(); ++x)
        colours.insert(middle.pixel(x, 0));
    QVERIFY(colours.size() >= 2); // lines on a ground
    QCOMPARE(paint(TaskColumn::Progress, {220, 24}), image);
}

void TestTaskDelegate::anEndedBarIsThin()
{
    set(TaskColumn::Progress, u"100%"_s, Outcome::Completed, 100);
    const QImage image = paint(TaskColumn::Progress, {220, 24});
    const QRect bar = inked(image.copy(0, 0, m_border + 100, image.height()));
    QCOMPARE(bar.height(), 2);
    QVERIFY(count(image, StateLook::colour(Outcome::Completed, m_palette)) == 0); // quieter
}

void TestTaskDelegate::nothingIsShownWhereNothingIsKnown()
{
    for (const Outcome outcome : {Outcome::Checking, Outcome::NotFound, Outcome::Unreadable}) {
        set(TaskColumn::Progress, QString(), outcome);
        QVERIFY(!inked(paint(TaskColumn::Progress, {220, 24})).isValid());
    }
    QVERIFY(!inked(paint(TaskColumn::Action, {220, 24})).isValid());
}

void TestTaskDelegate::aNarrowCellShowsTheNumberAlone()
{
    set(TaskColumn::Progress, u"50%"_s, Outcome::Running, 50);
    const QImage image = paint(TaskColumn::Progress, {60, 24});
    QCOMPARE(count(image, StateLook::colour(Outcome::Running, m_palette)), 0);
    QVERIFY(inked(image).isValid());
}

void TestTaskDelegate::nothingIsPaintedOutsideTheCell_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<int>("width");
    for (int column = 0; column < taskColumnCount; ++column)
        for (const int width : {4, 24, 45, 90})
            QTest::addRow("%s, %d px", TaskColumnInfo::name(TaskColumn(column)).data(), width)
                << column << width;
}

void TestTaskDelegate::nothingIsPaintedOutsideTheCell()
{
    QFETCH(int, column);
    QFETCH(int, width);
    const QString longText = u"Wide words\nin lines, "_s.repeated(100);
    set(TaskColumn(column), longText, Outcome::Running, 100);
    for (const auto direction : {Qt::LeftToRight, Qt::RightToLeft}) {
        const QImage image = paint(TaskColumn(column), {width, 24},
                                   QStyle::State_Enabled | QStyle::State_Active, direction);
        const QRect cell(m_border, m_border, width, 24);
        const QRect painted = inked(image);
        QVERIFY2(!painted.isValid() || cell.contains(painted),
                 qPrintable(u"%1 to %2"_s.arg(painted.left()).arg(painted.right())));
    }
}

void TestTaskDelegate::anIdIsCutInTheMiddle()
{
    const auto look = [this](TaskColumn column, const QString &text) {
        set(column, text);
        return paint(column, {120, 24});
    };
    const QString middle = QString(40, u'4');
    const QString id = u"WW"_s + middle + u"WW"_s;
    // The same beginning and end look the same; the end is to be seen, in other columns it is not.
    QCOMPARE(look(TaskColumn::TaskId, id),
             look(TaskColumn::TaskId, u"WW"_s + middle + middle + u"WW"_s));
    QVERIFY(look(TaskColumn::TaskId, id) != look(TaskColumn::TaskId, u"WW"_s + middle + u"MM"_s));
    QVERIFY(look(TaskColumn::TaskId, id) != look(TaskColumn::TaskId, u"MM"_s + middle + u"WW"_s));
    QCOMPARE(look(TaskColumn::Action, id), look(TaskColumn::Action, u"WW"_s + middle + u"MM"_s));
}

void TestTaskDelegate::idsAreMonospaced()
{
    const auto widthOf = [this](TaskColumn column, QChar letter) {
        set(column, QString(20, letter));
        return inked(paint(column, {600, 24})).width();
    };
    // But for the air in the outermost letters.
    const int letter = widthOf(TaskColumn::TaskId, u'W') / 20;
    QVERIFY(letter > 3);
    QVERIFY(qAbs(widthOf(TaskColumn::TaskId, u'i') - widthOf(TaskColumn::TaskId, u'W')) <= letter);
    QVERIFY(widthOf(TaskColumn::Action, u'W') > 2 * widthOf(TaskColumn::Action, u'i'));
}

void TestTaskDelegate::anEmptyLabelIsADash()
{
    set(TaskColumn::Label, QString());
    const QRect dash = inked(paint(TaskColumn::Label, {100, 24}));
    QVERIFY(dash.width() > dash.height());
}

void TestTaskDelegate::aServersMarkStandsBeforeItsName()
{
    constexpr int green = 4;
    for (const QPalette &palette : {lightPalette(), darkPalette()}) {
        m_palette = palette;
        set(TaskColumn::Server, u"II"_s);
        const QColor colour = ColourMark::colour(green, palette);
        const QImage plain = paint(TaskColumn::Server, {100, 24});
        QCOMPARE(count(plain, colour), 0);
        const int plainWidth = m_delegate.sizeHint({}, at(TaskColumn::Server)).width();
        m_model.setData(at(TaskColumn::Server), green, ColourMarkRole);
        const QImage marked = paint(TaskColumn::Server, {100, 24});
        QVERIFY(count(marked, colour) > 20);
        QCOMPARE(inked(marked).right(), inked(plain).right() + 14);
        QCOMPARE(m_delegate.sizeHint({}, at(TaskColumn::Server)).width(), plainWidth + 14);
        const auto selected = QStyle::State_Enabled | QStyle::State_Active | QStyle::State_Selected;
        QVERIFY(count(paint(TaskColumn::Server, {100, 24}, selected), colour) > 20);
        m_model.setData(at(TaskColumn::Server), 0, ColourMarkRole);
    }
}

void TestTaskDelegate::rightToLeftIsMirrored()
{
    set(TaskColumn::Progress, QString(), Outcome::Running, 40);
    const auto state = QStyle::State_Enabled | QStyle::State_Active;
    const QImage left = paint(TaskColumn::Progress, {200, 24}, state, Qt::LeftToRight);
    const QImage right = paint(TaskColumn::Progress, {200, 24}, state, Qt::RightToLeft);
    QCOMPARE(right, left.mirrored(true, false));
    set(TaskColumn::Status, u"I"_s);
    const QRect status = inked(paint(TaskColumn::Status, {200, 24}, state, Qt::RightToLeft));
    QVERIFY(status.left() > m_border + 100);
}

void TestTaskDelegate::theFocusIsVisible()
{
    set(TaskColumn::Action, u"Publish policy"_s);
    const auto state = QStyle::State_Enabled | QStyle::State_Active;
    for (const auto &selected :
         {QStyle::State(QStyle::State_None), QStyle::State(QStyle::State_Selected)})
        QVERIFY(paint(TaskColumn::Action, {160, 24}, state | selected | QStyle::State_HasFocus)
                != paint(TaskColumn::Action, {160, 24}, state | selected));
}

void TestTaskDelegate::rowsAreTextAndEightPixelsHigh()
{
    set(TaskColumn::Status, u"Running"_s);
    QStyleOptionViewItem option;
    option.font = QApplication::font();
    option.fontMetrics = QFontMetrics(option.font);
    const QSize hint = m_delegate.sizeHint(option, at(TaskColumn::Status));
    QCOMPARE(hint.height(), option.fontMetrics.height() + 8);
    QVERIFY(hint.width() > option.fontMetrics.horizontalAdvance(u"Running"_s) + 16);
    QVERIFY(QFontInfo(TaskDelegate::idFont(option.font)).fixedPitch());
    QFont pixels;
    pixels.setPixelSize(13);
    QCOMPARE(TaskDelegate::idFont(pixels).pixelSize(), 13);
}

void TestTaskDelegate::labelsHaveAnEditor()
{
    QWidget parent;
    auto *editor =
        qobject_cast<QLineEdit *>(m_delegate.createEditor(&parent, {}, at(TaskColumn::Label)));
    QVERIFY(editor);
    QVERIFY(!editor->accessibleName().isEmpty());
    m_model.setData(at(TaskColumn::Label), u"iREC"_s, Qt::EditRole);
    m_delegate.setEditorData(editor, at(TaskColumn::Label));
    QCOMPARE(editor->text(), u"iREC"_s);
    editor->setText(u"VM0033"_s);
    m_delegate.setModelData(editor, &m_model, at(TaskColumn::Label));
    QCOMPARE(at(TaskColumn::Label).data().toString(), u"VM0033"_s);
}

void TestTaskDelegate::onlyWhatIsCutHasItsTextAsTooltip()
{
    QTableView view;
    view.setModel(&m_model);
    view.show();
    QStyleOptionViewItem option;
    option.font = QApplication::font();
    option.rect = QRect(0, 0, 300, 24);
    QHelpEvent event(QEvent::ToolTip, {5, 5}, view.mapToGlobal(QPoint(5, 5)));
    set(TaskColumn::Action, u"short <b>x</b>"_s);
    QVERIFY(m_delegate.helpEvent(&event, &view, option, at(TaskColumn::Action)));
    QVERIFY(!QToolTip::isVisible());
    option.rect.setWidth(40);
    QVERIFY(m_delegate.helpEvent(&event, &view, option, at(TaskColumn::Action)));
    QVERIFY(QToolTip::text().contains(u"&lt;b&gt;"_s));
    m_model.setData(at(TaskColumn::Status), u"why"_s, Qt::ToolTipRole);
    QVERIFY(m_delegate.helpEvent(&event, &view, option, at(TaskColumn::Status)));
    QCOMPARE(QToolTip::text(), u"why"_s);
    QToolTip::hideText();
}

QTEST_MAIN(TestTaskDelegate)
#include "test_taskdelegate.moc"
