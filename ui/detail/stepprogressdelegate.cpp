#include "detail/stepprogressdelegate.h"

#include "detail/steptreemodel.h"
#include "statelook.h"

#include <QApplication>
#include <QPainter>
#include <QStyle>

namespace {

constexpr int barHeight = 6;
constexpr int quietHeight = 2;
constexpr int margin = 8;
constexpr int widestBar = 120;
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

} // namespace

void StepProgressDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    const QString text = background.text;
    background.text.clear();
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);
    const QVariant percent = index.data(StepTreeModel::PercentRole);
    if (!percent.isValid())
        return;

    const auto state = static_cast<StepState>(index.data(StepTreeModel::StateRole).toInt());
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink =
        option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    const QColor fill = isSelected ? ink : StateLook::colour(lookOf(state), option.palette);
    const int height = state == StepState::Completed ? quietHeight : barHeight;
    const int textWidth = option.fontMetrics.horizontalAdvance(QStringLiteral("100%"));

    const QRect cell = option.rect.adjusted(margin, 0, -margin, 0);
    QRect bar = cell.adjusted(0, 0, -textWidth - margin, 0);
    bar.setWidth(qMin(bar.width(), widestBar));
    bar = QRect(bar.left(), cell.center().y() - height / 2 + 1, bar.width(), height);
    painter->save();
    if (bar.width() > barHeight) {
        QColor track = ink;
        track.setAlphaF(0.15F);
        painter->fillRect(bar, track);
        bar.setWidth(bar.width() * percent.toInt() / 100);
        painter->fillRect(bar, fill);
    }
    painter->setPen(ink);
    const int textLeft = qMin(cell.left() + widestBar, cell.right() - textWidth - margin) + margin;
    painter->drawText(QRect(textLeft, cell.top(), textWidth, cell.height()),
                      Qt::AlignRight | Qt::AlignVCenter, text);
    painter->restore();
}

QSize StepProgressDelegate::sizeHint(const QStyleOptionViewItem &option,
                                     const QModelIndex & /*index*/) const
{
    return {widestBar, option.fontMetrics.height() + rowSpace};
}
