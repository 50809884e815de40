#include "cli/keptlist.h"

#include "base/plaintext.h"
#include "task/taskfacts.h"
#include "task/taskwords.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t columns = 7;
/// A longer text pushes its own line aside, not the column.
constexpr qsizetype widest = 40;
using Row = std::array<QString, columns>;

Row rowOf(const TaskRecord &record, const QString &server, const QDateTime &now)
{
    const auto percent = isFinal(record.outcome) ? std::nullopt : TaskFacts::percent(record);
    const auto started = TaskFacts::startedAt(record);
    Row row{record.key.task.text(),
            TaskWords::word(record.outcome, record.expired),
            percent ? QString::number(*percent) + u'%' : QString(),
            started ? started->toUTC().toString(Qt::ISODate) : QString(),
            TaskWords::span(TaskFacts::span(record, now), TaskWords::duration),
            server,
            record.snapshot ? record.snapshot->action : QString()};
    if (!record.label.isEmpty())
        row.back() += (row.back().isEmpty() ? u""_s : u" · "_s) + record.label;
    for (QString &text : row)
        text = PlainText::onOneLine(text.simplified());
    return row;
}

} // namespace

QString keptList(const QList<TaskRecord> &records, const NamedServers &servers,
                 const QDateTime &now)
{
    QList<Row> rows;
    std::array<qsizetype, columns> widths{};
    for (const TaskRecord &record : records) {
        rows.append(rowOf(record, servers.value(record.key.server).name, now));
        for (std::size_t i = 0; i < columns; ++i)
            widths.at(i) = std::max(widths.at(i), std::min(widest, rows.last().at(i).size()));
    }
    QString text;
    for (const Row &row : std::as_const(rows)) {
        QString line;
        for (std::size_t i = 0; i + 1 < columns; ++i) {
            if (widths.at(i) > 0)
                line += row.at(i).leftJustified(widths.at(i)) + u"  "_s;
        }
        text += line + row.back() + u'\n';
    }
    return text;
}
