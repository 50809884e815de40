#include "window/savedfilters.h"

#include "tasks/taskrows.h"

#include <QUndoCommand>
#include <QUndoStack>

#include <algorithm>

class SavedFilters::Command final : public QUndoCommand
{
public:
    Command(SavedFilters &filters, QList<SavedFilter> after, const QString &what)
        : QUndoCommand(what)
        , m_filters(filters)
        , m_before(filters.list())
        , m_after(std::move(after))
    {
    }
    void redo() override { m_filters.set(m_after); }
    void undo() override { m_filters.set(m_before); }

private:
    SavedFilters &m_filters;
    QList<SavedFilter> m_before;
    QList<SavedFilter> m_after;
};

SavedFilters::SavedFilters(QUndoStack &undo, QObject *parent)
    : QObject(parent)
    , m_undo(undo)
{
}

QStringList SavedFilters::names() const
{
    QStringList names;
    for (const SavedFilter &each : m_list)
        names.append(each.name);
    return names;
}

std::vector<TaskFilter> SavedFilters::filters() const
{
    FilterTerm never;
    never.field = FilterField::Status;
    std::vector<TaskFilter> filters;
    filters.reserve(std::size_t(m_list.size()));
    for (const SavedFilter &each : m_list)
        filters.push_back(parseFilter(each.text).value_or(TaskFilter{{never}}));
    return filters;
}

void SavedFilters::restore(const QList<SavedFilter> &list)
{
    set(list.first(std::min(list.size(), qsizetype(TaskRows::mostSaved))));
}

void SavedFilters::save(const QString &name, const QString &text)
{
    const QString line = name.simplified();
    if (line.isEmpty() || !parseFilter(text))
        return;
    QList<SavedFilter> after = m_list;
    const auto same = std::find_if(after.begin(), after.end(), [&line](const SavedFilter &each) {
        return each.name.compare(line, Qt::CaseInsensitive) == 0;
    });
    if (same != after.end())
        same->text = text;
    else if (after.size() < qsizetype(TaskRows::mostSaved))
        after.append({line, text});
    else {
        Q_EMIT done(tr("There are %1 saved filters; remove one first").arg(after.size()));
        return;
    }
    push(after, tr("Saved the filter “%1”").arg(line));
}

void SavedFilters::rename(int number, const QString &name)
{
    const QString line = name.simplified();
    if (number < 0 || number >= m_list.size() || line.isEmpty() || m_list[number].name == line)
        return;
    QList<SavedFilter> after = m_list;
    after[number].name = line;
    push(after, tr("Renamed a filter"));
}

void SavedFilters::remove(int number)
{
    if (number < 0 || number >= m_list.size())
        return;
    QList<SavedFilter> after = m_list;
    const QString name = after.takeAt(number).name;
    push(after, tr("Removed the filter “%1”").arg(name));
}

void SavedFilters::push(const QList<SavedFilter> &after, const QString &what)
{
    m_undo.push(new Command(*this, after, what));
    Q_EMIT done(what);
}

void SavedFilters::set(const QList<SavedFilter> &list)
{
    if (list == m_list)
        return;
    m_list = list;
    Q_EMIT changed();
}
