#include "account/folders.h"
#include "bench.h"
#include "guardian/parsetaskreply.h"
#include "history/historydatabase.h"
#include "history/historyrows.h"
#include "historysamples.h"
#include "task/secretrule.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QTemporaryDir>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

void benchHistory(const BenchOptions &options, Report &report)
{
    const QTemporaryDir folder;
    const int tasks = options.quick ? 2000 : 100'000;
    if (!writeHistory(folder.path(), tasks)) {
        report.missing(u"history"_s, u"the history could not be written"_s);
        return;
    }
    const QString file = Folders::below(folder.path()).data + u"/history.db"_s;
    const auto load = [&] {
        return spent([&] {
            HistoryDatabase history(file, HistoryFunctions{&parseTaskReply, &maskSecrets});
            if (!history.open(QDateTime::currentDateTimeUtc()))
                qFatal("the history cannot be opened");
            qsizetype rows = 0;
            qint64 after = 0;
            for (bool last = false; !last;) {
                const auto chunk = history.load(after, 2000);
                if (!chunk)
                    qFatal("the history cannot be read");
                rows += chunk->records.size();
                after = chunk->lastRow;
                last = chunk->last;
            }
            if (rows != tasks)
                qFatal("the history is not whole");
        });
    };
    const auto search = [&](const QString &typed, qsizetype least) {
        HistoryDatabase history(file, HistoryFunctions{&parseTaskReply, &maskSecrets});
        if (!history.open(QDateTime::currentDateTimeUtc()))
            qFatal("the history cannot be opened");
        return interleave({{typed,
                            [&] {
                                return spent([&] {
                                    const auto found = history.search(typed, 10'000);
                                    if (!found || found->size() < least)
                                        qFatal("the search does not find");
                                });
                            }}},
                          15)
            .front();
    };
    // Both make nothing of what they read. That of our own select costs Qt fewer values.
    enum class Way { ColumnByColumn, Packed };
    const auto bare = [&](Way way) {
        return spent([&] {
            {
                auto database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"bare"_s);
                database.setDatabaseName(file);
                database.open();
                QSqlQuery query(database);
                query.setForwardOnly(true);
                query.exec(way == Way::Packed
                               ? HistoryRows::select(HistoryRows::columnsOf(database))
                               : u"SELECT * FROM task LEFT JOIN reply ON task_id = id"_s);
                const int columns = query.record().count();
                int rows = 0;
                for (; query.next(); ++rows) {
                    for (int i = 0; i < columns; ++i)
                        (void)query.value(i);
                }
                if (rows != tasks)
                    qFatal("the bare query does not read all");
            }
            QSqlDatabase::removeDatabase(u"bare"_s);
        });
    };
    const auto tell = [&](const QString &id, const QString &which, const Cost &cost) {
        report.absolute(id, u"search of %1 tasks, %2, median"_s.arg(QString::number(tasks), which),
                        cost.wall * 1e3, u"ms"_s, cost.wallNoise, {cost});
    };
    tell(u"history.search-one"_s, u"one of them"_s, search(u"policy 1234"_s, 1));
    tell(u"history.search-all"_s, u"all of them"_s,
         search(u"publish schem"_s, std::min(tasks, 10'000)));
    const auto costs = interleave({{u"ours"_s, load},
                                   {u"columns"_s, [&] { return bare(Way::ColumnByColumn); }},
                                   {u"packed"_s, [&] { return bare(Way::Packed); }}},
                                  options.quick ? 1 : options.rounds);
    const auto against = [&](const QString &id, const QString &query, const Cost &cost) {
        report.ratio(id, u"loading %1 tasks"_s.arg(tasks), query, costs[0].wall * 1e3,
                     cost.wall * 1e3, u"ms"_s, noiseOf(costs[0].wallNoise, cost.wallNoise),
                     {costs[0], cost});
    };
    against(u"history.loading"_s, u"a bare forward-only query: SELECT *, each value taken"_s,
            costs[1]);
    against(u"history.loading-packed"_s,
            u"our own select, where SQLite packs what is small, each value taken"_s, costs[2]);
}
