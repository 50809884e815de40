#include "exchange/exportjob.h"

#include "base/background.h"
#include "exchange/taskcsv.h"
#include "exchange/taskfile.h"
#include "exchange/taskreport.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 betweenWords = 100; // ms

QByteArray headOf(const ExportOrder &order)
{
    switch (order.format) {
    case ExportFormat::Json:
        return TaskFile::head(order.now);
    case ExportFormat::Csv:
        return TaskCsv::head();
    case ExportFormat::Markdown:
        return TaskReport::markdownHead(order.records.size(), order.now).toUtf8();
    }
    return {};
}

QByteArray pieceOf(const ExportOrder &order, qsizetype index)
{
    const TaskRecord &record = order.records.at(index);
    const NamedServer server = order.servers.value(record.key.server);
    switch (order.format) {
    case ExportFormat::Json:
        return (index > 0 ? QByteArray(TaskFile::separator) : QByteArray())
               + QJsonDocument(TaskFile::object(record, server)).toJson(QJsonDocument::Compact);
    case ExportFormat::Csv:
        return TaskCsv::row(record, server);
    case ExportFormat::Markdown:
        return TaskReport::markdown(record, server, order.now).toUtf8();
    }
    return {};
}

} // namespace

ExportResult writeExport(const ExportOrder &order, QIODevice &device,
                         const ExportProgress &progress)
{
    const auto failure = [&device] {
        return tl::unexpected(ExportFailure{false, device.errorString()});
    };
    const auto put = [&device](const QByteArray &bytes) {
        return device.write(bytes) == bytes.size();
    };
    if (!put(headOf(order)))
        return failure();
    for (qsizetype i = 0; i < order.records.size(); ++i) {
        if (progress && !progress(i))
            return tl::unexpected(ExportFailure{true, {}});
        if (!put(pieceOf(order, i)))
            return failure();
    }
    if (order.format == ExportFormat::Json && !put(TaskFile::tail()))
        return failure();
    return {};
}

ExportResult writeExport(const ExportOrder &order, const QString &path,
                         const ExportProgress &progress)
{
    QSaveFile file(path);
    const auto failure = [&path](const QString &cause) {
        return tl::unexpected(ExportFailure{
            false,
            ExportJob::tr("%1 cannot be written: %2.").arg(QDir::toNativeSeparators(path), cause)});
    };
    // The mode is set while the file is still empty: it takes over that of the file it replaces.
    if (!file.open(QIODevice::WriteOnly)
        || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        return failure(file.errorString());
    if (auto written = writeExport(order, static_cast<QIODevice &>(file), progress); !written) {
        file.cancelWriting();
        return written.error().cancelled ? written : failure(written.error().words);
    }
    if (!file.commit())
        return failure(file.errorString());
    return {};
}

ExportJob::ExportJob(QObject *parent)
    : QObject(parent)
{
}

ExportJob::~ExportJob()
{
    cancel();
}

void ExportJob::start(const ExportOrder &order, const QString &path)
{
    const auto tell = [guard = QPointer<ExportJob>(this)](qsizetype written) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [guard, written] {
                if (guard)
                    Q_EMIT guard->progress(written);
            },
            Qt::QueuedConnection);
    };
    const auto work = [order, path, tell, cancelled = m_cancelled] {
        QElapsedTimer sinceTold;
        sinceTold.start();
        return writeExport(order, path, [&](qsizetype written) {
            if (sinceTold.elapsed() >= betweenWords) {
                sinceTold.restart();
                tell(written);
            }
            return !*cancelled;
        });
    };
    Background::run(this, work, [this](const ExportResult &result) {
        Q_EMIT finished(result ? std::nullopt : std::optional(result.error()));
    });
}
