#include "shownlog.h"

#include "task/taskstore.h"
#include "task/taskwords.h"
#include "tasks/tasktablemodel.h"

#include <QCryptographicHash>

#include <sys/stat.h>

ShownLog::ShownLog(const QString &file, const TaskTableModel &model, const TaskStore &store,
                   QObject *parent)
    : QObject(parent)
    , m_model(model)
    , m_store(store)
    , m_file(file)
{
    struct stat info {
    };
    if (::stat(QFile::encodeName(file).constData(), &info) != 0 || !S_ISFIFO(info.st_mode)) {
        qWarning("What is shown is logged to a pipe only.");
        return;
    }
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) {
        qWarning("What is shown cannot be logged: %s", qPrintable(m_file.errorString()));
        return;
    }
    connect(&model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &first, const QModelIndex &last) {
                write(first.row(), last.row());
            });
    connect(&model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex & /*parent*/, int first, int last) { write(first, last); });
    connect(&model, &QAbstractItemModel::modelReset, this,
            [this] { write(0, m_model.rowCount() - 1); });
}

void ShownLog::write(int firstRow, int lastRow)
{
    const QByteArray now = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
    QByteArray lines;
    for (int row = firstRow; row <= lastRow; ++row) {
        const TaskRecord *record = m_store.find(m_model.keyAt(row));
        if (!record)
            continue;
        const qint64 changed =
            record->changedAt.isValid() ? record->changedAt.toMSecsSinceEpoch() : 0;
        // Of a large one, none: it is not unpacked in this thread.
        const QByteArray reply =
            record->reply && !record->reply->body.isLarge()
                ? QCryptographicHash::hash(record->reply->body.whole(), QCryptographicHash::Sha1)
                      .toHex()
                : QByteArray();
        lines += now + '\t' + record->key.task.text().toUtf8() + '\t'
                 + TaskWords::kebab(record->outcome).toUtf8() + '\t' + QByteArray::number(changed)
                 + '\t' + reply + '\n';
    }
    if (m_file.write(lines) != lines.size())
        disconnect(&m_model, nullptr, this, nullptr);
}
