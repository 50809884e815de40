#include "account/folders.h"
#include "bench.h"
#include "guardian/parsetaskreply.h"
#include "history/historydatabase.h"
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
    const QString topic = u"History"_s;
    const QTemporaryDir folder;
    const int tasks = options.quick ? 2000 : 100'000;
    if (!writeHistory(folder.path(), tasks)) {
        report.missing(topic, u"all"_s, u"the history could not be written"_s);
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
    const auto bare = [&] {
        return spent([&] {
            {
                auto database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"bare"_s);
                database.setDatabaseName(file);
                database.open();
                QSqlQuery query(database);
                query.setForwardOnly(true);
                query.exec(u"SELECT * FROM task LEFT JOIN reply ON reply.task_id = task.id"_s);
                const int columns = query.record().count();
                while (query.next()) {
                    for (int i = 0; i < columns; ++i)
                        (void)query.value(i);
                }
            }
            QSqlDatabase::removeDatabase(u"bare"_s);
        });
    };
    const auto tell = [&](const QString &which, const Cost &cost) {
        report.absolute(topic,
                        u"search of %1 tasks, %2, median"_s.arg(QString::number(tasks), which),
                        cost.wall * 1e3, u"ms"_s, 200, false, cost.wallNoise, {cost});
    };
    tell(u"one of them"_s, search(u"policy 1234"_s, 1));
    tell(u"all of them"_s, search(u"publish schem"_s, std::min(tasks, 10'000)));
    const auto costs =
        interleave({{u"ours"_s, load}, {u"bare"_s, bare}}, options.quick ? 1 : options.rounds);
    report.ratio(topic, u"loading %1 tasks"_s.arg(tasks),
                 u"a bare forward-only query of the same"_s, costs[0].wall * 1e3,
                 costs[1].wall * 1e3, u"ms"_s, 1.2, false,
                 noiseOf(costs[0].wallNoise, costs[1].wallNoise), {costs[0], costs[1]});
}
