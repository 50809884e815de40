#include "detail/steptreemodel.h"

#include "detail/steptreenode.h"

#include <algorithm>

namespace {

/// How far ahead a step is looked for that is not where it was.
constexpr int lookAhead = 64;

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
        most = std::max({most, durationOf(*node).value_or(most), usualOf(*node).value_or(most),
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
        const bool isOtherEnd =
            own.finishedAt != node.step.finishedAt || own.finishSeen != node.step.finishSeen;
        node.step = std::move(own);
        const auto next = static_cast<size_t>(node.row) + 1;
        const auto &siblings = node.parent->children;
        const Node &last = isOtherEnd && next < siblings.size() ? *siblings[next] : node;
        Q_EMIT dataChanged(indexOf(node), indexOf(last, ColumnCount - 1)); // see startOf()
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
