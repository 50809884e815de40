#include "exchange/exchangedesk.h"

#include "base/background.h"
#include "base/clock.h"
#include "exchange/exportjob.h"
#include "exchange/importfile.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"

#include <QDir>
#include <QFileDialog>
#include <QProgressDialog>
#include <QSet>

#include <memory>

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 500; // ms, before a progress dialog is shown

NamedServers named(const ShownServers &servers)
{
    NamedServers names;
    for (const ShownServer &server : servers)
        names.insert(server.id, {server.name, server.apiRoot});
    return names;
}

} // namespace

ExchangeDesk::ExchangeDesk(TaskStore &store, const TaskTableModel &model,
                           const TaskTableView &table, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_model(model)
    , m_table(table)
    , m_clock(clock)
{
}

void ExchangeDesk::openExport()
{
    const auto selected = static_cast<int>(m_table.selectedTasks().size());
    auto *const dialog = new ExportDialog(
        {selected, m_model.rowCount(), static_cast<int>(m_store.size())}, m_table.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { askForFile(dialog->scope(), dialog->format()); });
    dialog->open();
}

void ExchangeDesk::askForFile(ExportDialog::Scope scope, ExportFormat format)
{
    const QString suffix = suffixOf(format);
    auto *const dialog = new QFileDialog(m_table.window(), tr("Export Tasks"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(u"taskwatch-%1.%2"_s.arg(
        m_clock.now().wall.toLocalTime().toString(u"yyyy-MM-dd-HHmm"_s), suffix));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, scope, format](const QString &path) { write(scope, format, path); });
    dialog->open();
}

QList<TaskKey> ExchangeDesk::keysOf(ExportDialog::Scope scope) const
{
    QList<TaskKey> keys;
    switch (scope) {
    case ExportDialog::Scope::Selected:
        return m_table.selectedTasks();
    case ExportDialog::Scope::Shown:
        keys.reserve(m_model.rowCount());
        for (int row = 0; row < m_model.rowCount(); ++row)
            keys.append(m_model.keyAt(row));
        return keys;
    case ExportDialog::Scope::All:
        return m_store.keys();
    }
    return keys;
}

void ExchangeDesk::write(ExportDialog::Scope scope, ExportFormat format, const QString &path)
{
    ExportOrder order;
    order.format = format;
    order.servers = named(m_servers);
    order.now = m_clock.now().wall;
    const QList<TaskKey> keys = keysOf(scope);
    for (const TaskKey &key : keys) {
        if (const TaskRecord *const record = m_store.find(key))
            order.records.append(*record);
    }
    const auto count = static_cast<int>(order.records.size());
    auto *const job = new ExportJob(this);
    showProgress(job, count);
    connect(job, &ExportJob::finished, this,
            [this, job, count, path](const std::optional<ExportFailure> &failure) {
                job->deleteLater();
                const QString name = QDir::toNativeSeparators(path);
                if (failure)
                    failure->cancelled ? Q_EMIT said(tr("Nothing was exported"))
                                       : Q_EMIT failed(failure->words);
                else
                    Q_EMIT said(count == 1
                                    ? tr("Exported 1 task to %1").arg(name)
                                    : tr("Exported %n tasks to %1", nullptr, count).arg(name));
            });
    job->start(order, path);
}

void ExchangeDesk::showProgress(ExportJob *job, int count)
{
    auto *const progress =
        new QProgressDialog(tr("Exporting tasks…"), tr("Cancel"), 0, count, m_table.window());
    progress->setAttribute(Qt::WA_DeleteOnClose);
    progress->setWindowTitle(tr("Export Tasks"));
    progress->setMinimumDuration(patience);
    progress->setAutoClose(false);
    progress->setAutoReset(false);
    progress->setValue(0);
    connect(progress, &QProgressDialog::canceled, job, &ExportJob::cancel);
    connect(job, &ExportJob::progress, progress,
            [progress](qsizetype written) { progress->setValue(static_cast<int>(written)); });
    connect(job, &QObject::destroyed, progress, &QObject::deleteLater);
}

void ExchangeDesk::openImport()
{
    auto *const dialog =
        new QFileDialog(m_table.window(), tr("Import Tasks"), QDir::homePath(),
                        tr("Exports of Taskwatch (*.json)") + u";;"_s + tr("All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ExchangeDesk::read);
    dialog->open();
}

void ExchangeDesk::read(const QString &path)
{
    Q_EMIT said(tr("Importing %1…").arg(QDir::toNativeSeparators(path)));
    Background::run(
        this, [path, servers = named(m_servers)] { return readExport(path, servers); },
        [this](const tl::expected<ImportedTasks, QString> &imported) {
            if (!imported) {
                Q_EMIT failed(imported.error());
                return;
            }
            // What is known here stays as it is: load() would merge.
            QList<TaskRecord> fresh;
            QSet<TaskKey> taken;
            for (const TaskRecord &record : imported->records) {
                if (m_store.contains(record.key) || taken.contains(record.key))
                    continue;
                taken.insert(record.key);
                fresh.append(record);
            }
            m_store.load(fresh);
            const QString words = importedWords(*imported, fresh.size());
            imported->leftOut.isEmpty() ? Q_EMIT said(words) : Q_EMIT failed(words);
        });
}
