#include "tasks/progresscell.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr int runningHeight = 6;
constexpr int endedHeight = 2;
constexpr int gap = 8;
constexpr int markWidth = 2;
constexpr int markReach = 3;     ///< above and below the bar
constexpr int narrowestBar = 16; ///< below that there is the number alone

QColor mixed(const QColor &colour, const QColor &ground, float part)
{
    const auto mix = [part](float a, float b) { return a * part + b * (1 - part); };
    return QColor::fromRgbF(mix(colour.redF(), ground.redF()),
                            mix(colour.greenF(), ground.greenF()),
                            mix(colour.blueF(), ground.blueF()));
}

} // namespace

void ProgressCell::paintMark(QPainter &painter, const QRect &bar, double share,
                             Qt::LayoutDirection direction, const QColor &ink, const QColor &ground)
{
    const int way = qRound(std::clamp(share, 0.0, 1.0) * (bar.width() - markWidth));
    const QRect line(bar.left() + way, bar.top() - markReach, markWidth,
                     bar.height() + 2 * markReach);
    painter.fillRect(QStyle::visualRect(direction, bar, line.adjusted(-1, 0, 1, 0)), ground);
    painter.fillRect(QStyle::visualRect(direction, bar, line), ink);
}

QRect ProgressCell::track(const QPainter &painter) const
{
    const QFontMetrics metrics = painter.fontMetrics();
    // Two pixels more: advances are rounded, and a cut number says nothing.
    const int numberWidth =
        std::max(metrics.horizontalAdvance(u"100%"_s), metrics.horizontalAdvance(text)) + 2;
    const int height = isRunning ? runningHeight : endedHeight;
    return {rect.left(), rect.top() + (rect.height() - height) / 2,
            rect.width() - numberWidth - gap, height};
}

void ProgressCell::paint(QPainter &painter) const
{
    const QRect words = paintBar(painter);
    painter.setPen(number);
    painter.drawText(words, int(alignment()) | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text, Qt::ElideRight, words.width()));
}

Qt::Alignment ProgressCell::alignment() const
{
    return QStyle::visualAlignment(direction, Qt::AlignRight | Qt::AlignVCenter);
}

QRect ProgressCell::paintBar(QPainter &painter) const
{
    const QRect whole = track(painter);
    const bool hasBar = whole.width() >= narrowestBar;
    if (hasBar) {
        const QRect visual = QStyle::visualRect(direction, rect, whole);
        painter.setPen(Qt::NoPen);
        if (percent) {
            painter.fillRect(visual, mixed(number, ground, 0.15F));
            QRect done = whole;
            done.setWidth((whole.width() * std::clamp(*percent, 0, 100) + 50) / 100);
            painter.fillRect(QStyle::visualRect(direction, rect, done),
                             isRunning ? bar : mixed(bar, ground, 0.55F));
        } else {
            painter.fillRect(visual, mixed(bar, ground, 0.15F));
            painter.fillRect(visual, QBrush(mixed(bar, ground, 0.7F), Qt::BDiagPattern));
        }
    }
    if (hasBar && usualMark)
        paintMark(painter, QStyle::visualRect(direction, rect, whole), *usualMark, direction,
                  number, ground);
    return QStyle::visualRect(direction, rect,
                              hasBar ? rect.adjusted(whole.width() + gap, 0, 0, 0) : rect);
}
