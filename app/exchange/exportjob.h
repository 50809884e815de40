#pragma once

#include "exchange/exportformat.h"
#include "task/taskrecord.h"

#include <QList>
#include <QObject>

#include <tl/expected.hpp>

#include <atomic>
#include <functional>
#include <memory>

class QIODevice;

/// What is to be written, all values: it goes to another thread.
struct ExportOrder {
    ExportFormat format = ExportFormat::Json;
    QList<TaskRecord> records;
    NamedServers servers;
    QDateTime now; ///< UTC
};

struct ExportFailure {
    bool cancelled = false;
    QString words; ///< what went wrong, translated; empty if cancelled

    friend bool operator==(const ExportFailure &, const ExportFailure &) = default;
};
using ExportResult = tl::expected<void, ExportFailure>;
/// Called with the number of tasks written so far; false ends it.
using ExportProgress = std::function<bool(qsizetype)>;

/// In the calling thread, task by task, so that no second copy of all is in memory.
[[nodiscard]] ExportResult writeExport(const ExportOrder &order, QIODevice &device,
                                       const ExportProgress &progress = {});
/// To a file: whole or not at all, readable for its owner only.
[[nodiscard]] ExportResult writeExport(const ExportOrder &order, const QString &path,
                                       const ExportProgress &progress = {});

/// The same beside the GUI thread.
class ExportJob final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExportJob)

public:
    explicit ExportJob(QObject *parent = nullptr);
    /// Cancels.
    ~ExportJob() override;

    /// Once.
    void start(const ExportOrder &order, const QString &path);
    /// finished() still comes; what was there before is untouched.
    void cancel() { *m_cancelled = true; }

Q_SIGNALS:
    /// At most ten times a second.
    void progress(qsizetype written);
    /// Absent: it is written.
    void finished(const std::optional<ExportFailure> &failure);

private:
    std::shared_ptr<std::atomic_bool> m_cancelled = std::make_shared<std::atomic_bool>(false);
};
