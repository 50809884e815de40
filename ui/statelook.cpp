#include "statelook.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace {

/// What resources/icons/*.svg are drawn in, but for the program's own icon.
constexpr auto placeholder = "#123456";
constexpr double readable = 4.5;

struct Look {
    const char *icon;
    QRgb light;
    QRgb dark;
};

constexpr Look grey(const char *icon)
{
    return {icon, 0x5f6771, 0xa9b1bb};
}
constexpr Look blue(const char *icon)
{
    return {icon, 0x1a63c6, 0x6cb0ff};
}
constexpr Look green(const char *icon)
{
    return {icon, 0x1a7f37, 0x5fd07e};
}
constexpr Look orange(const char *icon)
{
    return {icon, 0x9a4e00, 0xf0a35c};
}
constexpr Look red(const char *icon)
{
    return {icon, 0xc1252d, 0xff8a8e};
}
constexpr Look yellow(const char *icon)
{
    return {icon, 0x7d5b00, 0xe3b341};
}
constexpr Look purple(const char *icon)
{
    return {icon, 0x6e40c9, 0xbfa2f7};
}

Look look(Outcome outcome, bool expired)
{
    if (expired)
        return purple("state-expired");
    switch (outcome) {
    case Outcome::Checking:
        return grey("state-checking");
    case Outcome::Waiting:
        return grey("state-waiting");
    case Outcome::Running:
        return blue("state-running");
    case Outcome::Stalled:
        return yellow("state-stalled");
    case Outcome::Completed:
        return green("state-completed");
    case Outcome::CompletedWithProblems:
        return orange("state-completed-with-problems");
    case Outcome::Failed:
        return red("state-failed");
    case Outcome::NotFound:
        return grey("state-not-found");
    case Outcome::OutcomeUnknown:
        return purple("state-outcome-unknown");
    case Outcome::Unreadable:
        return purple("state-unreadable");
    }
    Q_UNREACHABLE();
}

Look look(Connection connection)
{
    switch (connection) {
    case Connection::Live:
        return green("connection-live");
    case Connection::Polling:
        return blue("connection-polling");
    case Connection::Paused:
        return grey("connection-paused");
    case Connection::RateLimited:
        return yellow("connection-rate-limited");
    case Connection::SignInNeeded:
        return orange("connection-sign-in-needed");
    case Connection::NoPermission:
        return red("connection-no-permission");
    case Connection::Unreachable:
        return red("connection-unreachable");
    case Connection::CertificateProblem:
        return red("connection-certificate-problem");
    }
    Q_UNREACHABLE();
}

double luminance(const QColor &colour)
{
    const auto linear = [](double channel) {
        return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(double(colour.redF())) + 0.7152 * linear(double(colour.greenF()))
           + 0.0722 * linear(double(colour.blueF()));
}

/// The table's colours fit white and the usual dark greys; on another Base they give way.
QColor readableOn(const QColor &base, QColor colour, bool dark)
{
    for (int i = 0; i < 20 && StateLook::contrast(colour, base) < readable; ++i)
        colour = dark ? QColor::fromHslF(colour.hslHueF(), colour.hslSaturationF(),
                                         std::min(1.0F, colour.lightnessF() + 0.05F))
                      : QColor::fromHslF(colour.hslHueF(), colour.hslSaturationF(),
                                         std::max(0.0F, colour.lightnessF() - 0.05F));
    return QColor(colour.rgb());
}

QColor colourOf(const Look &look, const QPalette &palette)
{
    const bool dark = StateLook::isDark(palette);
    return readableOn(palette.color(QPalette::Base), QColor(dark ? look.dark : look.light), dark);
}

/// Draws an SVG of ours in one colour per mode, at whatever size is asked for.
class TintedIconEngine final : public QIconEngine
{
public:
    TintedIconEngine(QString name, const QColor &normal, const QPalette &palette)
        : m_name(std::move(name))
        , m_normal(normal)
        , m_selected(palette.color(QPalette::HighlightedText))
        , m_disabled(palette.color(QPalette::Disabled, QPalette::Text))
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal scale = painter->device()->devicePixelRatio();
        painter->drawPixmap(rect, pixmap((QSizeF(rect.size()) * scale).toSize(), mode, state));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        const QColor colour = mode == QIcon::Selected   ? m_selected
                              : mode == QIcon::Disabled ? m_disabled
                                                        : m_normal;
        const QString key = u"taskwatch/%1/%2/%3x%4"_s.arg(m_name, colour.name())
                                .arg(size.width())
                                .arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = draw(size, colour);
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        return pixmap(size, mode, state);
    }

    [[nodiscard]] QIconEngine *clone() const override { return new TintedIconEngine(*this); }
    [[nodiscard]] QString key() const override { return u"TintedIconEngine"_s; }

private:
    [[nodiscard]] QPixmap draw(const QSize &size, const QColor &colour) const
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QFile file(u":/icons/%1.svg"_s.arg(m_name));
        if (size.isEmpty() || !file.open(QIODevice::ReadOnly))
            return pixmap;
        QSvgRenderer renderer(file.readAll().replace(placeholder, colour.name().toLatin1()));
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        return pixmap;
    }

    QString m_name;
    QColor m_normal;
    QColor m_selected;
    QColor m_disabled;
};

QIcon makeIcon(const QString &name, const QColor &colour, const QPalette &palette)
{
    return QIcon(new TintedIconEngine(name, colour, palette));
}

QIcon makeIcon(const Look &look, const QPalette &palette)
{
    return makeIcon(QString::fromLatin1(look.icon), colourOf(look, palette), palette);
}

} // namespace

bool StateLook::isDark(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Base)) < 0.18;
}

QColor StateLook::colour(Outcome outcome, const QPalette &palette, bool expired)
{
    return colourOf(look(outcome, expired), palette);
}

QIcon StateLook::icon(Outcome outcome, bool expired, const QPalette &palette)
{
    return makeIcon(look(outcome, expired), palette);
}

QColor StateLook::colour(Connection connection, const QPalette &palette)
{
    return colourOf(look(connection), palette);
}

QIcon StateLook::icon(Connection connection, const QPalette &palette)
{
    return makeIcon(look(connection), palette);
}

QIcon StateLook::symbol(const QString &name, const QPalette &palette)
{
    return makeIcon(name, palette.color(QPalette::WindowText), palette);
}

double StateLook::contrast(const QColor &a, const QColor &b)
{
    const double brighter = std::max(luminance(a), luminance(b));
    const double darker = std::min(luminance(a), luminance(b));
    return (brighter + 0.05) / (darker + 0.05);
}
