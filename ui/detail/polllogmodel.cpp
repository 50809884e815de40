#include "detail/polllogmodel.h"

#include "detail/plaintext.h"
#include "detail/times.h"
#include "task/taskwords.h"

#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

/// Keeps right-aligned text off the column beside it.
constexpr QChar spaceAfter = u'\u2002';

QString toolTipOf(const PollLogEntry &entry, int column)
{
    if (column == PollLogModel::TimeColumn)
        return Times::full(entry.at);
    if (column == PollLogModel::TaskColumn)
        return entry.key.task.text();
    if (column == PollLogModel::OutcomeColumn && entry.error)
        return describe(*entry.error).nextStep + u'\n' + entry.error->detail;
    return {};
}

} // namespace

PollLogModel::PollLogModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

QString PollLogModel::textOf(const PollLogEntry &entry, int column) const
{
    switch (column) {
    case TimeColumn:
        return Times::timeOfDay(entry.at);
    case TaskColumn: {
        const QString label = m_labelOf ? m_labelOf(entry.key) : QString();
        return PlainText::inOneLine(label.isEmpty() ? entry.key.task.text() : label);
    }
    case StatusColumn:
        return entry.httpStatus > 0 ? QString::number(entry.httpStatus) : u"—"_s;
    case DurationColumn:
        return tr("%1 ms").arg(QLocale().toString(entry.duration.count())) + spaceAfter;
    case OutcomeColumn:
        return PlainText::inOneLine(entry.words());
    default:
        return {};
    }
}

void PollLogModel::setEntries(const QList<PollLogEntry> &entries)
{
    QList<PollLogEntry> wanted(entries.crbegin(), entries.crend());
    // How many came: up to where our newest stands among them.
    qsizetype added = wanted.size();
    if (!m_entries.isEmpty()) {
        const auto known = std::find(wanted.cbegin(), wanted.cend(), m_entries.front());
        added = known - wanted.cbegin();
    }
    const qsizetype kept = std::min(m_entries.size(), wanted.size() - added);
    if (m_entries.size() > kept) {
        beginRemoveRows({}, static_cast<int>(kept), static_cast<int>(m_entries.size()) - 1);
        m_entries.resize(kept);
        endRemoveRows();
    }
    if (added > 0) {
        beginInsertRows({}, 0, static_cast<int>(added) - 1);
        m_entries = wanted.mid(0, added) + m_entries;
        endInsertRows();
    }
}

int PollLogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int PollLogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PollLogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PollLogEntry &entry = m_entries[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(entry, index.column());
    case Qt::ToolTipRole:
        return PlainText::toolTip(toolTipOf(entry, index.column()));
    case Qt::TextAlignmentRole:
        return index.column() == DurationColumn || index.column() == StatusColumn
                   ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                   : QVariant();
    default:
        return {};
    }
}

QVariant PollLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && (section == StatusColumn || section == DurationColumn))
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QStringList names{tr("Time"), tr("Task"), tr("Status"), tr("Duration") + spaceAfter,
                            tr("Outcome")};
    return names.value(section);
}
