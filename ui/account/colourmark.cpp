#include "account/colourmark.h"

#include "account/serverprofile.h"
#include "statelook.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPixmap>

#include <array>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ColourMark)
};

struct Mark {
    const char *name;
    QRgb light;
    QRgb dark;
};

constexpr std::array<Mark, ServerProfile::colourMarks> marks{{
    {QT_TRANSLATE_NOOP("ColourMark", "None"), 0, 0},
    {QT_TRANSLATE_NOOP("ColourMark", "Red"), 0xffc1252d, 0xffff8a8e},
    {QT_TRANSLATE_NOOP("ColourMark", "Orange"), 0xffb35900, 0xfff0a35c},
    {QT_TRANSLATE_NOOP("ColourMark", "Yellow"), 0xff8a6d00, 0xffe3d341},
    {QT_TRANSLATE_NOOP("ColourMark", "Green"), 0xff1a7f37, 0xff5fd07e},
    {QT_TRANSLATE_NOOP("ColourMark", "Blue"), 0xff1a63c6, 0xff6cb0ff},
    {QT_TRANSLATE_NOOP("ColourMark", "Violet"), 0xff6e40c9, 0xffbfa2f7},
    {QT_TRANSLATE_NOOP("ColourMark", "Grey"), 0xff5f6771, 0xffa9b1bb},
}};
constexpr int iconSize = 32;

const Mark &markOf(int mark)
{
    return marks.at(std::size_t(mark > 0 && mark < ServerProfile::colourMarks ? mark : 0));
}

} // namespace

QColor ColourMark::colour(int mark, const QPalette &palette)
{
    const Mark &known = markOf(mark);
    if (&known == marks.data())
        return {};
    return QColor::fromRgb(StateLook::isDark(palette) ? known.dark : known.light);
}

QString ColourMark::name(int mark)
{
    return Words::tr(markOf(mark).name);
}

QIcon ColourMark::icon(int mark, const QPalette &palette)
{
    QPixmap picture(iconSize, iconSize);
    picture.fill(Qt::transparent);
    if (const QColor wanted = colour(mark, palette); wanted.isValid()) {
        QPainter painter(&picture);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(wanted);
        painter.setPen(Qt::NoPen);
        painter.drawEllipse(QRect(0, 0, iconSize, iconSize).adjusted(8, 8, -8, -8));
    }
    return picture;
}
