#include "detail/progressline.h"

#include "statelook.h"
#include "task/taskfacts.h"
#include "tasks/progresscell.h"

#include <QPainter>

namespace {

constexpr int widthInCharacters = 30;

} // namespace

ProgressLine::ProgressLine(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    hide();
}

void ProgressLine::setProgress(Outcome outcome, std::optional<int> percent,
                               std::optional<double> usualMark)
{
    m_outcome = outcome;
    m_percent = percent;
    m_usualMark = usualMark;
    setVisible(TaskFacts::goesOn(outcome) && (percent || usualMark));
    setAccessibleName(percent ? tr("Progress: %1%").arg(*percent) : tr("Progress: unknown"));
    const QString usual =
        usualMark ? tr("A usual run would be at %1% by now.").arg(qRound(*usualMark * 100))
                  : QString();
    setAccessibleDescription(usual);
    setToolTip(usual);
    update();
}

QSize ProgressLine::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * widthInCharacters, fontMetrics().height() + 4};
}

void ProgressLine::paintEvent(QPaintEvent * /*event*/)
{
    ProgressCell cell;
    cell.rect = rect();
    cell.direction = layoutDirection();
    cell.percent = m_percent;
    cell.usualMark = m_usualMark;
    cell.text = m_percent ? tr("%1%").arg(*m_percent) : QString();
    cell.bar = StateLook::colour(m_outcome, palette());
    cell.number = palette().color(QPalette::WindowText);
    cell.ground = palette().color(QPalette::Window);
    QPainter painter(this);
    cell.paint(painter);
}
