#include "detail/steptimelinedelegate.h"

#include "detail/steptreemodel.h"
#include "statelook.h"
#include "tasks/progresscell.h"

#include <QApplication>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace {

constexpr int barHeight = 6;
constexpr int quietHeight = 4;
constexpr int margin = 8;
constexpr int usefulWidth = 120;
constexpr int shortestLine = 2; ///< what took no time was there all the same
constexpr int rowSpace = 8;

Outcome lookOf(StepState state)
{
    switch (state) {
    case StepState::Waiting:
    case StepState::Skipped:
    case StepState::Info:
        return Outcome::Waiting;
    case StepState::Running:
        return Outcome::Running;
    case StepState::Completed:
        return Outcome::Completed;
    case StepState::Failed:
        return Outcome::Failed;
    }
    Q_UNREACHABLE();
}

/// The first part of a line.
QRect part(QRect line, const QVariant &share)
{
    line.setWidth(std::max(shortestLine, qRound(share.toDouble() * line.width())));
    return line;
}

} // namespace

void StepTimelineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);

    const auto state = static_cast<StepState>(index.data(StepTreeModel::StateRole).toInt());
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink =
        option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    const int height = state == StepState::Completed ? quietHeight : barHeight;
    const QRect line(option.rect.left() + margin, option.rect.center().y() - height / 2 + 1,
                     option.rect.width() - 2 * margin, height);
    if (line.width() <= shortestLine)
        return;
    const auto fill = [&](const QRect &place, const QColor &colour) {
        painter->fillRect(QStyle::visualRect(option.direction, line, place), colour);
    };
    if (const QVariant usual = index.data(StepTreeModel::UsualLengthRole); usual.isValid()) {
        QColor track = ink;
        track.setAlphaF(0.15F);
        fill(part(line, usual), track);
    }
    if (const QVariant length = index.data(StepTreeModel::LengthRole); length.isValid())
        fill(part(line, length),
             isSelected ? ink : StateLook::colour(lookOf(state), option.palette));
    if (const QVariant mark = index.data(StepTreeModel::UsualMarkRole); mark.isValid())
        ProgressCell::paintMark(
            *painter, line, mark.toDouble(), option.direction, ink,
            option.palette.color(isSelected ? QPalette::Highlight : QPalette::Base));
}

QSize StepTimelineDelegate::sizeHint(const QStyleOptionViewItem &option,
                                     const QModelIndex & /*index*/) const
{
    return {usefulWidth, option.fontMetrics.height() + rowSpace};
}
