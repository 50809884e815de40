#include "detail/detailheader.h"

#include "detail/elidedlabel.h"
#include "detail/plaintext.h"
#include "detail/progressline.h"
#include "statelook.h"
#include "task/baselines.h"
#include "task/taskfacts.h"
#include "task/tasktext.h"
#include "task/taskwords.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace {

constexpr int iconSize = 20;
constexpr double headingScale = 1.15;

QFont headingFont(QFont font)
{
    font.setPointSizeF(font.pointSizeF() * headingScale);
    font.setBold(true);
    return font;
}

QString summaryOf(const TaskRecord &record, const Baselines &baselines)
{
    if (record.outcome == Outcome::Stalled && record.snapshot)
        return TaskText::standstill(record, baselines);
    const QString line = TaskWords::summary(record);
    // Without an answer the trouble is all there is to say.
    return line.isEmpty() && record.trouble ? describe(*record.trouble).headline : line;
}

std::optional<double> usualMark(const TaskRecord &record, const Baselines &baselines,
                                const QDateTime &now)
{
    const auto usual = TaskFacts::goesOn(record.outcome) ? baselines.run(record) : std::nullopt;
    const auto elapsed = usual ? TaskFacts::elapsed(record, now) : std::nullopt;
    return elapsed ? std::optional(Baseline::expectedProgress(*usual, *elapsed)) : std::nullopt;
}

} // namespace

DetailHeader::DetailHeader(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_title(new ElidedLabel(this))
    , m_standing(new QLabel(this))
    , m_summary(new ElidedLabel(this))
    , m_progress(new ProgressLine(this))
    , m_open(new QToolButton(this))
{
    m_title->setFont(headingFont(font()));
    m_standing->setTextFormat(Qt::PlainText);
    m_open->setAutoRaise(true);
    m_open->setAccessibleName(tr("Open in Guardian"));
    m_open->setToolTip(tr("Open the task's page in the browser (Ctrl+O)"));

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(8, 8, 8, 4);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(4);
    grid->addWidget(m_icon, 0, 0);
    grid->addWidget(m_title, 0, 1);
    grid->addWidget(m_standing, 0, 2);
    grid->addWidget(m_open, 0, 3);
    grid->addWidget(m_summary, 1, 1);
    grid->addWidget(m_progress, 1, 2, 1, 2);
    grid->setColumnStretch(1, 1);
    connect(m_open, &QToolButton::clicked, this, &DetailHeader::openRequested);
}

QString DetailHeader::title(const TaskRecord &record)
{
    const bool hasAction = record.snapshot && !record.snapshot->action.isEmpty();
    const QString action =
        hasAction ? record.snapshot->action : tr("Task %1").arg(record.key.task.text());
    return record.label.isEmpty() ? action : u"%1 · %2"_s.arg(action, record.label);
}

QString DetailHeader::standing(const TaskRecord &record, const Baselines &baselines,
                               const QDateTime &now)
{
    QString word = TaskWords::word(record.outcome, record.expired);
    const QString length = TaskWords::span(TaskFacts::span(record, now), TaskWords::longDuration);
    if (length.isEmpty())
        return word;
    if (isFinal(record.outcome))
        return tr("%1 after %2").arg(word, length);
    if (!TaskFacts::goesOn(record.outcome))
        return word;
    // How long it has stood still is said beside; this is the task's own time.
    const bool isStalled = record.outcome == Outcome::Stalled;
    const QString line = (isStalled ? tr("%1, started %2 ago") : tr("%1 for %2")).arg(word, length);
    if (baselines.isSlow(record, now))
        return tr("%1 · slower than usual").arg(line);
    const auto usual = baselines.run(record);
    return usual ? tr("%1 · %2").arg(line, TaskWords::usually(*usual)) : line;
}

void DetailHeader::setTask(const TaskRecord &record, const Baselines &baselines,
                           const QDateTime &now)
{
    m_outcome = record.outcome;
    m_expired = record.expired;
    m_title->setText(title(record));
    PlainText::set(*m_standing, standing(record, baselines, now));
    m_summary->setText(summaryOf(record, baselines));
    m_progress->setProgress(record.outcome, TaskFacts::percent(record),
                            usualMark(record, baselines, now));
    showLook();
}

void DetailHeader::showLook()
{
    const QPalette &colours = palette();
    m_icon->setPixmap(StateLook::icon(m_outcome, m_expired, colours)
                          .pixmap(QSize(iconSize, iconSize), devicePixelRatioF()));
    QPalette coloured = m_standing->palette();
    const QColor colour = StateLook::colour(m_outcome, colours, m_expired);
    if (coloured.color(QPalette::WindowText) != colour) {
        coloured.setColor(QPalette::WindowText, colour);
        m_standing->setPalette(coloured);
    }
    m_open->setIcon(StateLook::symbol(u"open-external"_s, colours));
}

void DetailHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showLook();
    else if (event->type() == QEvent::FontChange)
        m_title->setFont(headingFont(font()));
}
