#include "detail/plaintext.h"
#include "detail/steptreenode.h"
#include "detail/times.h"
#include "statelook.h"
#include "task/taskfacts.h"
#include "task/taskwords.h"

#include <QIcon>

// What the cells of the tree of steps say.

using namespace Qt::StringLiterals;

namespace {

/// Keeps right-aligned text off the column beside it.
constexpr QChar gap = u'\u2002';

QIcon iconOf(StepState state, const QPalette &palette)
{
    switch (state) {
    case StepState::Waiting:
        return StateLook::icon(Outcome::Waiting, false, palette);
    case StepState::Running:
        return StateLook::icon(Outcome::Running, false, palette);
    case StepState::Completed:
        return StateLook::icon(Outcome::Completed, false, palette);
    case StepState::Failed:
        return StateLook::icon(Outcome::Failed, false, palette);
    case StepState::Skipped:
        return StateLook::symbol(u"step-skipped"_s, palette);
    case StepState::Info:
        return StateLook::symbol(u"step-info"_s, palette);
    }
    Q_UNREACHABLE();
}

bool isNumber(int column)
{
    return column == StepTreeModel::StartColumn || column == StepTreeModel::DurationColumn
           || column == StepTreeModel::ProgressColumn;
}

/// A remark has none, nor has what was left out.
std::optional<int> percentOf(const TaskStep &step)
{
    const bool hasNone = step.state == StepState::Info || step.state == StepState::Skipped;
    return hasNone ? std::nullopt : step.percent;
}

} // namespace

std::optional<QDateTime> StepTreeModel::startOf(const Node &node)
{
    const Node *before =
        node.row > 0 ? node.parent->children[static_cast<size_t>(node.row) - 1].get() : nullptr;
    const auto start = TaskFacts::startedAt(node.step, before ? &before->step : nullptr);
    const bool isOwn = node.step.startedAt.has_value();
    // Where steps are not in the order of their ends, the one before tells nothing.
    return isOwn || (start && *start <= *node.step.finishedAt) ? start : std::nullopt;
}

std::optional<std::chrono::milliseconds> StepTreeModel::durationOf(const Node &node) const
{
    const auto start = startOf(node);
    if (!start)
        return {};
    const bool isRunning = node.step.state == StepState::Running && m_now.isValid();
    if (!node.step.finishedAt && !isRunning)
        return {};
    const QDateTime end = node.step.finishedAt.value_or(m_now);
    // Two machines' clocks: less than nothing is nothing.
    return std::chrono::milliseconds(qMax(qint64(0), start->msecsTo(end)));
}

QString StepTreeModel::textOf(const Node &node, int column) const
{
    const TaskStep &step = node.step;
    switch (column) {
    case NameColumn:
        return PlainText::inOneLine(step.name);
    case ProgressColumn: {
        const auto percent = percentOf(step);
        return percent ? tr("%1%").arg(*percent) + gap : QString();
    }
    case StartColumn: {
        const auto start = startOf(node);
        return start ? Times::timeOfDay(*start) + gap : QString();
    }
    case DurationColumn: {
        const auto duration = durationOf(node);
        return duration ? TaskWords::duration(*duration) + gap : QString();
    }
    case MessageColumn:
        return PlainText::inOneLine(step.error ? TaskWords::error(*step.error)
                                               : step.message.get());
    default:
        return {};
    }
}

QString StepTreeModel::usualTip(const Node &node) const
{
    QStringList lines;
    const auto usual = usualOf(node);
    if (usual)
        lines.append(tr("Usually %1").arg(TaskWords::longDuration(*usual)));
    if (isUsualPlace(node))
        lines.append(tr("A usual run would be here by now."));
    return lines.join(u'\n');
}

/// The server gives no times: then it is what we saw, to a polling interval.
QString StepTreeModel::startTip(const Node &node)
{
    const auto start = startOf(node);
    if (!start)
        return {};
    const TaskStep &step = node.step;
    QString words;
    if (step.startedAt)
        words = step.startSeen ? tr("Seen to start %1") : tr("Started %1");
    else
        words = step.finishSeen ? tr("The step before it was seen to finish %1")
                                : tr("The step before it finished %1");
    return words.arg(Times::full(*start));
}

QString StepTreeModel::toolTipOf(const Node &node, int column) const
{
    const TaskStep &step = node.step;
    switch (column) {
    case NameColumn:
        return u"%1\n%2"_s.arg(step.name, TaskWords::word(step.state));
    case StartColumn:
    case DurationColumn:
    case TimelineColumn: {
        QStringList lines;
        if (const QString start = startTip(node); !start.isEmpty())
            lines.append(start);
        if (step.finishedAt)
            lines.append((step.finishSeen ? tr("Seen to finish %1") : tr("Finished %1"))
                             .arg(Times::full(*step.finishedAt)));
        if (const QString usual = usualTip(node); !usual.isEmpty())
            lines.append(usual);
        return lines.join(u'\n');
    }
    case MessageColumn:
        return step.error ? TaskWords::error(*step.error) : step.message.get();
    default:
        return {};
    }
}

QVariant StepTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node &node = nodeAt(index);
    const TaskStep &step = node.step;
    switch (role) {
    case Qt::DisplayRole:
        return textOf(node, index.column());
    case Qt::ToolTipRole:
        return PlainText::toolTip(toolTipOf(node, index.column()));
    case Qt::DecorationRole:
        return index.column() == NameColumn ? iconOf(step.state, m_palette) : QVariant();
    case Qt::TextAlignmentRole:
        return isNumber(index.column()) ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::AccessibleTextRole:
        if (index.column() == TimelineColumn)
            return usualTip(node);
        return index.column() == NameColumn
                   ? u"%1, %2"_s.arg(step.name, TaskWords::word(step.state))
                   : textOf(node, index.column());
    case LengthRole:
        return share(durationOf(node));
    case UsualLengthRole:
        return share(usualOf(node));
    case UsualMarkRole:
        return isUsualPlace(node) && usualOf(node) ? share(
                   Baseline::Duration(qRound64(m_place->share * double(usualOf(node)->count()))))
                                                   : QVariant();
    case StateRole:
        return static_cast<int>(step.state);
    case MinimizedRole:
        return step.minimized;
    default:
        return {};
    }
}

QVariant StepTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole && isNumber(section))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names{tr("Step"),           tr("Duration") + gap, tr("Time"),
                            tr("Progress") + gap, tr("Started") + gap,  tr("Message")};
    return names.value(section);
}
