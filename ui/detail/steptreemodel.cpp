#include "detail/steptreemodel.h"

#include "detail/plaintext.h"
#include "detail/times.h"
#include "statelook.h"
#include "task/taskwords.h"

#include <QIcon>

#include <algorithm>

using namespace Qt::StringLiterals;

struct StepTreeModel::Node {
    TaskStep step; ///< without its children: they are nodes
    Node *parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;
};

namespace {

/// How far ahead a step is looked for that is not where it was.
constexpr int lookAhead = 64;
/// Keeps right-aligned text off the column beside it.
constexpr QChar gap = u'\u2002';

TaskStep withoutChildren(const TaskStep &step)
{
    TaskStep own;
    own.name = step.name;
    own.message = step.message;
    own.state = step.state;
    own.percent = step.percent;
    own.startedAt = step.startedAt;
    own.finishedAt = step.finishedAt;
    own.startSeen = step.startSeen;
    own.finishSeen = step.finishSeen;
    own.error = step.error;
    own.minimized = step.minimized;
    return own;
}

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

QString errorLine(const TaskError &error)
{
    if (error.code.isEmpty() || error.message.isEmpty())
        return error.code + error.message;
    return u"%1: %2"_s.arg(error.code, error.message);
}

} // namespace

StepTreeModel::StepTreeModel(QObject *parent)
    : QAbstractItemModel(parent)
    , m_root(std::make_unique<Node>())
{
}

StepTreeModel::~StepTreeModel() = default;

void StepTreeModel::clear()
{
    beginResetModel();
    m_root = std::make_unique<Node>();
    m_medians.clear();
    m_place.reset();
    m_scale = {};
    endResetModel();
}

void StepTreeModel::setSteps(const std::vector<TaskStep> &steps)
{
    merge(*m_root, steps);
    rescale();
}

void StepTreeModel::setUsual(const QHash<QString, Baseline::Duration> &medians,
                             const std::optional<UsualPlace> &place)
{
    if (medians == m_medians && place == m_place)
        return;
    m_medians = medians;
    m_place = place;
    m_scale = {}; // so that all lines are drawn anew
    rescale();
}

/// The longest line fills the timeline; when it grows, all others shrink.
void StepTreeModel::rescale()
{
    const std::chrono::milliseconds scale = longest(*m_root);
    if (std::exchange(m_scale, scale) != scale)
        repaintTimeline(*m_root);
}

std::chrono::milliseconds StepTreeModel::longest(const Node &above) const
{
    std::chrono::milliseconds most{0};
    for (const auto &node : above.children)
        most = std::max({most, durationOf(node->step).value_or(most), usualOf(*node).value_or(most),
                         longest(*node)});
    return most;
}

void StepTreeModel::repaintTimeline(const Node &above)
{
    if (above.children.empty())
        return;
    Q_EMIT dataChanged(indexOf(*above.children.front(), TimelineColumn),
                       indexOf(*above.children.back(), TimelineColumn));
    for (const auto &node : above.children)
        repaintTimeline(*node);
}

/// Of a step with parts, its parts say it.
std::optional<Baseline::Duration> StepTreeModel::usualOf(const Node &node) const
{
    const auto median = m_medians.constFind(node.step.name);
    const bool isKnown = node.children.empty() && median != m_medians.cend();
    return isKnown ? std::optional(*median) : std::nullopt;
}

bool StepTreeModel::isUsualPlace(const Node &node) const
{
    if (!m_place)
        return false;
    const Node *at = &node;
    for (auto row = m_place->path.crbegin(); row != m_place->path.crend(); ++row) {
        if (!at->parent || at->row != *row)
            return false;
        at = at->parent;
    }
    return at == m_root.get();
}

QVariant StepTreeModel::share(std::optional<std::chrono::milliseconds> length) const
{
    return length && m_scale.count() > 0
               ? QVariant(double(length->count()) / double(m_scale.count()))
               : QVariant();
}

/// Brings the rows below `above` to `steps`, in one pass over both.
void StepTreeModel::merge(Node &above, const std::vector<TaskStep> &steps)
{
    const auto wanted = static_cast<int>(steps.size());
    for (int row = 0; row < wanted; ++row) {
        const TaskStep &step = steps[static_cast<size_t>(row)];
        const auto begin =
            above.children.begin() + std::min(row, static_cast<int>(above.children.size()));
        const auto end = begin + std::min<std::ptrdiff_t>(lookAhead, above.children.end() - begin);
        const auto same = std::find_if(begin, end, [&step](const std::unique_ptr<Node> &node) {
            return node->step.name == step.name;
        });
        if (same == end) {
            insert(above, row, step);
            continue;
        }
        if (same != begin)
            remove(above, row, row + static_cast<int>(same - begin) - 1);
        mergeStep(*above.children[static_cast<size_t>(row)], step);
    }
    if (static_cast<int>(above.children.size()) > wanted)
        remove(above, wanted, static_cast<int>(above.children.size()) - 1);
}

void StepTreeModel::mergeStep(Node &node, const TaskStep &step)
{
    TaskStep own = withoutChildren(step);
    if (own != node.step) {
        node.step = std::move(own);
        Q_EMIT dataChanged(indexOf(node), indexOf(node, ColumnCount - 1));
    }
    merge(node, step.steps);
}

std::unique_ptr<StepTreeModel::Node> StepTreeModel::makeNode(const TaskStep &step, Node *parent,
                                                             int row)
{
    auto node = std::make_unique<Node>();
    node->step = withoutChildren(step);
    node->parent = parent;
    node->row = row;
    for (const TaskStep &child : step.steps) {
        const auto childRow = static_cast<int>(node->children.size());
        node->children.push_back(makeNode(child, node.get(), childRow));
    }
    return node;
}

void StepTreeModel::insert(Node &above, int row, const TaskStep &step)
{
    beginInsertRows(indexOf(above), row, row);
    above.children.insert(above.children.begin() + row, makeNode(step, &above, row));
    for (size_t i = static_cast<size_t>(row); i < above.children.size(); ++i)
        above.children[i]->row = static_cast<int>(i);
    endInsertRows();
}

void StepTreeModel::remove(Node &above, int first, int last)
{
    beginRemoveRows(indexOf(above), first, last);
    above.children.erase(above.children.begin() + first, above.children.begin() + last + 1);
    for (size_t i = static_cast<size_t>(first); i < above.children.size(); ++i)
        above.children[i]->row = static_cast<int>(i);
    endRemoveRows();
}

void StepTreeModel::setNow(const QDateTime &now)
{
    m_now = now;
    tick(*m_root);
    rescale();
}

void StepTreeModel::tick(const Node &above)
{
    for (const auto &node : above.children) {
        if (node->step.state != StepState::Running)
            continue;
        Q_EMIT dataChanged(indexOf(*node, DurationColumn), indexOf(*node, TimelineColumn),
                           {Qt::DisplayRole, LengthRole});
        tick(*node);
    }
}

void StepTreeModel::setPalette(const QPalette &palette)
{
    m_palette = palette;
    repaintIcons(*m_root);
}

void StepTreeModel::repaintIcons(const Node &above)
{
    if (above.children.empty())
        return;
    Q_EMIT dataChanged(indexOf(*above.children.front()), indexOf(*above.children.back()),
                       {Qt::DecorationRole});
    for (const auto &node : above.children)
        repaintIcons(*node);
}

QModelIndex StepTreeModel::runningStep() const
{
    const Node *running = m_root.get();
    for (;;) {
        const auto &children = running->children;
        const auto last = std::find_if(children.crbegin(), children.crend(), [](const auto &node) {
            return node->step.state == StepState::Running;
        });
        if (last == children.crend())
            return running == m_root.get() ? QModelIndex() : indexOf(*running);
        running = last->get();
    }
}

StepTreeModel::Node &StepTreeModel::nodeAt(const QModelIndex &index) const
{
    return index.isValid() ? *static_cast<Node *>(index.internalPointer()) : *m_root;
}

QModelIndex StepTreeModel::indexOf(const Node &node, int column) const
{
    return node.parent ? createIndex(node.row, column, &node) : QModelIndex();
}

QModelIndex StepTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeAt(parent).children[static_cast<size_t>(row)].get());
}

QModelIndex StepTreeModel::parent(const QModelIndex &child) const
{
    return child.isValid() ? indexOf(*nodeAt(child).parent) : QModelIndex();
}

int StepTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeAt(parent).children.size());
}

int StepTreeModel::columnCount(const QModelIndex & /*parent*/) const
{
    return ColumnCount;
}

std::optional<std::chrono::milliseconds> StepTreeModel::durationOf(const TaskStep &step) const
{
    if (!step.startedAt)
        return {};
    const bool isRunning = step.state == StepState::Running && m_now.isValid();
    if (!step.finishedAt && !isRunning)
        return {};
    const QDateTime end = step.finishedAt ? *step.finishedAt : m_now;
    // Two machines' clocks: less than nothing is nothing.
    return std::chrono::milliseconds(qMax(qint64(0), step.startedAt->msecsTo(end)));
}

QString StepTreeModel::textOf(const TaskStep &step, int column) const
{
    switch (column) {
    case NameColumn:
        return PlainText::inOneLine(step.name);
    case ProgressColumn: {
        const auto percent = percentOf(step);
        return percent ? tr("%1%").arg(*percent) + gap : QString();
    }
    case StartColumn:
        return step.startedAt ? Times::timeOfDay(*step.startedAt) + gap : QString();
    case DurationColumn: {
        const auto duration = durationOf(step);
        return duration ? TaskWords::duration(*duration) + gap : QString();
    }
    case MessageColumn:
        return PlainText::inOneLine(step.error ? errorLine(*step.error) : step.message);
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
        // The server gives no times: then it is what we saw, to a polling interval.
        if (step.startedAt)
            lines.append((step.startSeen ? tr("Seen to start %1") : tr("Started %1"))
                             .arg(Times::full(*step.startedAt)));
        if (step.finishedAt)
            lines.append((step.finishSeen ? tr("Seen to finish %1") : tr("Finished %1"))
                             .arg(Times::full(*step.finishedAt)));
        if (const QString usual = usualTip(node); !usual.isEmpty())
            lines.append(usual);
        return lines.join(u'\n');
    }
    case MessageColumn:
        return step.error ? errorLine(*step.error) : step.message;
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
        return textOf(step, index.column());
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
                   : textOf(step, index.column());
    case LengthRole:
        return share(durationOf(step));
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
