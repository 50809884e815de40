#include "detail/jsontreemodel.h"

#include "detail/plaintext.h"

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shownBytes = 400;
constexpr qsizetype toolTipBytes = 2'000;

/// The whole is shown through its children, unless it has none.
bool isScalarRoot(const JsonIndex &json)
{
    return json.childCount(0) == 0;
}

} // namespace

JsonTreeModel::JsonTreeModel(QObject *parent)
    : QAbstractItemModel(parent)
{
    m_items.emplace_back();
}

void JsonTreeModel::setIndex(std::shared_ptr<const JsonIndex> json)
{
    beginResetModel();
    m_json = json && json->isValid() ? std::move(json) : nullptr;
    m_items.assign(1, Item{});
    endResetModel();
}

quint32 JsonTreeModel::itemAt(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<quint32>(index.internalId()) : 0;
}

QModelIndex JsonTreeModel::indexOfItem(quint32 item) const
{
    return item == 0 ? QModelIndex()
                     : createIndex(static_cast<int>(m_items[item].row), 0, quintptr(item));
}

quint32 JsonTreeModel::valueAt(const QModelIndex &index) const
{
    return m_items[itemAt(index)].value;
}

quint32 JsonTreeModel::expectedChildren(const Item &item) const
{
    if (!m_json)
        return 0;
    if (item.rangeSize > 0)
        return item.rangeSize;
    if (&item == m_items.data() && isScalarRoot(*m_json))
        return 1;
    const quint32 count = m_json->childCount(item.value);
    constexpr quint32 step = JsonIndex::rangeSize;
    return count <= step ? count : (count + step - 1) / step;
}

QModelIndex JsonTreeModel::indexOf(quint32 value)
{
    if (!m_json || (value == 0 && !isScalarRoot(*m_json)))
        return {};
    if (value == 0) {
        fetchMore({});
        return index(0, 0);
    }
    const quint32 container = m_json->parent(value);
    QModelIndex above = indexOf(container);
    fetchMore(above);
    quint32 row = m_json->row(value);
    if (m_json->childCount(container) > JsonIndex::rangeSize) {
        above = index(static_cast<int>(row / JsonIndex::rangeSize), 0, above);
        fetchMore(above);
        row %= JsonIndex::rangeSize;
    }
    return index(static_cast<int>(row), 0, above);
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const Item &above = m_items[itemAt(parent)];
    return createIndex(row, column, quintptr{above.firstChild} + static_cast<quintptr>(row));
}

QModelIndex JsonTreeModel::parent(const QModelIndex &child) const
{
    return child.isValid() ? indexOfItem(m_items[itemAt(child)].parent) : QModelIndex();
}

int JsonTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(m_items[itemAt(parent)].children);
}

int JsonTreeModel::columnCount(const QModelIndex & /*parent*/) const
{
    return ColumnCount;
}

bool JsonTreeModel::hasChildren(const QModelIndex &parent) const
{
    return parent.column() <= 0 && expectedChildren(m_items[itemAt(parent)]) > 0;
}

bool JsonTreeModel::canFetchMore(const QModelIndex &parent) const
{
    return hasChildren(parent) && !m_items[itemAt(parent)].isFetched;
}

void JsonTreeModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    const quint32 number = itemAt(parent);
    const Item above = m_items[number];
    const quint32 count = expectedChildren(m_items[number]);
    beginInsertRows(parent, 0, static_cast<int>(count) - 1);
    m_items[number].isFetched = true;
    m_items[number].firstChild = static_cast<quint32>(m_items.size());
    m_items[number].children = count;
    if (number == 0 && isScalarRoot(*m_json))
        m_items.push_back({.value = 0, .parent = 0, .isFetched = true});
    else if (above.rangeSize == 0 && m_json->childCount(above.value) > JsonIndex::rangeSize)
        makeRanges(number, count);
    else
        makeValues(number, above.rangeBegin, count);
    endInsertRows();
}

void JsonTreeModel::makeValues(quint32 parent, quint32 firstRow, quint32 count)
{
    quint32 value = m_json->child(m_items[parent].value, firstRow);
    for (quint32 row = 0; row < count; ++row) {
        m_items.push_back({.value = value, .parent = parent, .row = row});
        value = m_json->nextSibling(value);
    }
}

void JsonTreeModel::makeRanges(quint32 parent, quint32 count)
{
    const quint32 container = m_items[parent].value;
    const quint32 total = m_json->childCount(container);
    for (quint32 row = 0; row < count; ++row) {
        const quint32 begin = row * JsonIndex::rangeSize;
        m_items.push_back({.value = container,
                           .rangeBegin = begin,
                           .rangeSize = qMin(JsonIndex::rangeSize, total - begin),
                           .parent = parent,
                           .row = row});
    }
}

QString JsonTreeModel::nameOf(const Item &item) const
{
    if (item.rangeSize > 0)
        return u"[%1 … %2]"_s.arg(item.rangeBegin).arg(item.rangeBegin + item.rangeSize - 1);
    if (item.value == 0)
        return u"$"_s;
    if (m_json->kind(m_json->parent(item.value)) == JsonIndex::Kind::Array)
        return u"[%1]"_s.arg(m_json->row(item.value));
    return PlainText::inOneLine(m_json->name(item.value).left(shownBytes));
}

QString JsonTreeModel::shortText(const Item &item) const
{
    if (item.rangeSize > 0)
        return {};
    const quint32 count = m_json->childCount(item.value);
    switch (m_json->kind(item.value)) {
    case JsonIndex::Kind::Object:
        return u"{%1}"_s.arg(count);
    case JsonIndex::Kind::Array:
        return u"[%1]"_s.arg(count);
    case JsonIndex::Kind::String:
    case JsonIndex::Kind::Number:
    case JsonIndex::Kind::Boolean:
    case JsonIndex::Kind::Null:
        break;
    }
    QString text = PlainText::inOneLine(m_json->text(item.value, shownBytes));
    return m_json->bytes(item.value).size() > shownBytes + 2 ? text + u'…' : text;
}

QString JsonTreeModel::copyText(const QModelIndex &index) const
{
    const Item &item = m_items[itemAt(index)];
    if (!index.isValid() || item.rangeSize > 0)
        return {};
    return m_json->text(item.value, m_json->bytes().size());
}

QString JsonTreeModel::path(const QModelIndex &index) const
{
    return m_json && index.isValid() ? m_json->path(valueAt(index)) : QString();
}

QVariant JsonTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Item &item = m_items[itemAt(index)];
    if (role == Qt::DisplayRole)
        return index.column() == NameColumn ? nameOf(item) : shortText(item);
    if (role == Qt::ToolTipRole && index.column() == ValueColumn && item.rangeSize == 0
        && !m_json->isContainer(item.value))
        return PlainText::toolTip(m_json->text(item.value, toolTipBytes));
    if (role == Qt::ToolTipRole && index.column() == NameColumn)
        return PlainText::toolTip(path(index));
    return {};
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Name") : tr("Value");
}
