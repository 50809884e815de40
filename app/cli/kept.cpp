#include "cli/kept.h"

#include "base/plaintext.h"
#include "base/terminationsignals.h"
#include "cli/exitstatus.h"
#include "cli/keptlist.h"
#include "exchange/exportjob.h"
#include "exchange/importfile.h"
#include "exchange/taskfile.h"
#include "guardian/parsetaskreply.h"
#include "history/historydatabase.h"
#include "history/usualfile.h"
#include "instance/instanceclient.h"
#include "instance/instancelock.h"
#include "task/baselines.h"
#include "task/taskfilter.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSet>

#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr int chunkSize = 2'000;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Kept)
};

int end(const Kept::Room &room, ExitStatus status, const QString &words)
{
    if (!words.isEmpty())
        room.err.write(spokenLine(words));
    return static_cast<int>(status);
}

QString historyFile(const Folders &folders)
{
    return folders.data + u"/history.db"_s;
}

HistoryFunctions functions(const Kept::Room &room)
{
    return historyFunctionsBy(room.rules, parserBy(room.rules));
}

/// What of them is not whole, is said.
tl::expected<QList<TaskRecord>, QString> readAll(const Kept::Room &room, HistoryDatabase &database)
{
    const auto words = [](const HistoryError &error) {
        return tl::unexpected(error.headline + u' ' + error.nextStep);
    };
    QList<TaskRecord> records;
    qint64 lastRow = 0;
    int leftOut = 0;
    while (true) {
        const auto chunk = database.load(lastRow, chunkSize);
        if (!chunk)
            return words(chunk.error());
        records += chunk->records;
        lastRow = chunk->lastRow;
        leftOut += chunk->leftOut;
        if (chunk->last)
            break;
    }
    const QStringList damaged = database.damaged();
    if (leftOut > 0 || !damaged.isEmpty()) {
        const auto told = historyNotWhole(historyFile(room.folders), leftOut, damaged);
        room.err.write(spokenLine(told.headline + u' ' + told.nextStep));
    }
    return records;
}

/// What the history knows of the filter's free words, asked as the window asks it: for all at once,
/// and for each alone.
tl::expected<QHash<TaskKey, FoundWords>, HistoryError> search(HistoryDatabase &database,
                                                              const TaskFilter &filter)
{
    QStringList searches = freeWords(filter);
    searches.prepend(searches.join(u' '));
    searches.removeDuplicates();
    QHash<TaskKey, FoundWords> found;
    for (const QString &words : std::as_const(searches)) {
        const auto keys = database.search(words, std::numeric_limits<int>::max());
        if (!keys)
            return tl::unexpected(keys.error());
        for (const TaskKey &key : *keys)
            found[key] |= foundWords(filter, words);
    }
    return found;
}

struct KeptTasks {
    QList<TaskRecord> records;
    QHash<TaskKey, FoundWords> found;
};

tl::expected<KeptTasks, QString> keptTasks(const Kept::Room &room, const TaskFilter &filter)
{
    const QString file = historyFile(room.folders);
    if (!QFile::exists(file))
        return KeptTasks();
    HistoryDatabase database(file, functions(room));
    if (const auto opened = database.openToRead(); !opened)
        return tl::unexpected(opened.error().headline + u' ' + opened.error().nextStep);
    auto records = readAll(room, database);
    if (!records)
        return tl::unexpected(records.error());
    auto found = search(database, filter);
    if (!found)
        return tl::unexpected(found.error().headline + u' ' + found.error().nextStep);
    return KeptTasks{*std::move(records), *std::move(found)};
}

NamedServers namesOf(const QList<ServerProfile> &profiles)
{
    NamedServers servers;
    for (const ServerProfile &profile : profiles)
        servers.insert(profile.id, {profile.shownName(), profile.apiRoot});
    return servers;
}

/// The kept tasks that the filter picks; else the exit status, with words said.
tl::expected<ExportOrder, int> chosen(const Kept::Room &room)
{
    const auto filter = parseFilter(room.line.filter);
    if (!filter)
        return tl::unexpected(end(room, ExitStatus::Usage, filter.error().message));
    auto kept = keptTasks(room, *filter);
    if (!kept)
        return tl::unexpected(end(room, ExitStatus::Internal, kept.error()));
    ExportOrder order;
    order.servers = namesOf(room.profiles);
    order.now = room.clock.now().wall;
    Baselines baselines;
    UsualFile usual(room.folders.data, room.clock, JsonFile::Damaged::Leave);
    if (const auto lessons = usual.load())
        baselines.learn(*lessons);
    else
        room.err.write(spokenLine(lessons.error()));
    for (const TaskRecord &record : std::as_const(kept->records))
        baselines.learn(record);
    const bool withRest = asksAllColumns(*filter);
    const QDate today = order.now.toLocalTime().date();
    for (TaskRecord &record : kept->records) {
        const FilterSurroundings around{.server = order.servers.value(record.key.server).name,
                                        .slow = baselines.isSlow(record, order.now),
                                        .baselines = &baselines,
                                        .today = today};
        if (matches(*filter, filterFacts(record, around, withRest), kept->found.value(record.key)))
            order.records.append(std::move(record));
    }
    return order;
}

/// Those that are not kept yet. Gives how many they were.
tl::expected<qsizetype, QString> keep(const Kept::Room &room, const QList<TaskRecord> &records)
{
    const auto words = [](const HistoryError &error) {
        return tl::unexpected(error.headline + u' ' + error.nextStep);
    };
    HistoryDatabase database(historyFile(room.folders), functions(room));
    if (database.isInUse())
        return tl::unexpected(Words::tr("Taskwatch is running. Import the file in its window, or "
                                        "quit it first."));
    if (const auto opened = database.open(room.clock.now().wall); !opened)
        return words(opened.error());
    // Nothing is written to what may be damaged.
    if (const auto sound = database.check(); !sound)
        return words(sound.error());
    const auto before = readAll(room, database);
    if (!before)
        return tl::unexpected(before.error());
    QSet<TaskKey> known;
    for (const TaskRecord &record : *before)
        known.insert(record.key);
    QList<HistoryChange> changes;
    for (const TaskRecord &record : records) {
        if (!known.contains(record.key))
            changes.append({record.key, false, record});
        known.insert(record.key);
    }
    const auto written = database.write(changes);
    if (const auto news = database.takeNews())
        static_cast<void>(end(room, ExitStatus::Internal, news->headline + u' ' + news->nextStep));
    if (!written)
        return words(written.error());
    return changes.size();
}

int printExport(const Kept::Room &room, const ExportOrder &order)
{
    const auto written = writeExport(order, room.out);
    return written ? static_cast<int>(ExitStatus::Good)
                   : end(room, ExitStatus::Internal, written.error().words);
}

} // namespace

int Kept::list(const Room &room)
{
    auto order = chosen(room);
    if (!order)
        return order.error();
    if (room.line.format) {
        order->format = *room.line.format;
        return printExport(room, *order);
    }
    if (!room.line.json) {
        room.out.write(keptList(order->records, order->servers, order->now).toUtf8());
        return static_cast<int>(ExitStatus::Good);
    }
    for (const TaskRecord &record : order->records) {
        QJsonObject object = TaskFile::object(record, order->servers.value(record.key.server));
        object.remove("reply"_L1);
        object.remove("unreadReply"_L1);
        const QByteArray line = QJsonDocument(object).toJson(QJsonDocument::Compact);
        room.out.write((PlainText::inJson(QString::fromUtf8(line)) + u'\n').toUtf8());
    }
    return static_cast<int>(ExitStatus::Good);
}

int Kept::exportTasks(const Room &room)
{
    auto order = chosen(room);
    if (!order)
        return order.error();
    order->format = *room.line.format;
    if (room.line.file.isEmpty())
        return printExport(room, *order);
    ExportJob job;
    int signal = 0;
    const TerminationSignals termination;
    QObject::connect(&termination, &TerminationSignals::received, &job, [&](int number) {
        signal = number;
        job.cancel();
    });
    QObject::connect(
        &job, &ExportJob::finished, &job, [&](const std::optional<ExportFailure> &failure) {
            const auto count = static_cast<int>(order->records.size());
            if (!failure)
                end(room, ExitStatus::Good,
                    count == 1 ? Words::tr("Exported 1 task.")
                               : Words::tr("Exported %n tasks.", nullptr, count));
            else if (failure->cancelled)
                end(room, ExitStatus::Good, Words::tr("The export was ended; nothing is left."));
            QCoreApplication::exit(!failure ? static_cast<int>(ExitStatus::Good)
                                   : failure->cancelled
                                       ? 128 + signal
                                       : end(room, ExitStatus::Internal, failure->words));
        });
    job.start(*order, room.line.file);
    return QCoreApplication::exec();
}

int Kept::importTasks(const Room &room)
{
    const auto imported = readExport(room.line.file, namesOf(room.profiles));
    if (!imported)
        return end(room, ExitStatus::Internal, imported.error());
    if (const auto made = room.folders.create(); !made)
        return end(room, ExitStatus::Internal, made.error());
    // History has one writer: where a window is open, it is the one. None can open meanwhile.
    const auto place = InstancePlace::of(room.folders);
    InstanceLock lock(place ? place->lock : QString());
    if (place) {
        InstanceRequest request;
        request.kind = InstanceRequest::Kind::Import;
        request.text = QFileInfo(room.line.file).absoluteFilePath();
        request.raise = false;
        const auto reply = lockOrHandOver(lock, *place, request);
        if (!reply)
            return end(room, ExitStatus::Internal, reply.error());
        if (*reply)
            return end(room, (*reply)->accepted ? ExitStatus::Good : ExitStatus::Internal,
                       (*reply)->words);
    }
    const auto kept = keep(room, imported->records);
    if (!kept)
        return end(room, ExitStatus::Internal, kept.error());
    return end(room, ExitStatus::Good, importedWords(*imported, *kept));
}
