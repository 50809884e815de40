#include "cli/watchfile.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

tl::expected<QList<WatchFileRow>, QString> readWatchFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(QCoreApplication::translate("WatchFile", "%1 cannot be read: %2.")
                                  .arg(path, file.errorString()));
    QList<WatchFileRow> rows;
    for (int number = 1; !file.atEnd(); ++number) {
        const QByteArray text = file.readLine().trimmed();
        if (text.isEmpty())
            continue;
        if (!text.startsWith('{')) {
            rows.append({TaskId(QString::fromUtf8(text)), {}});
            continue;
        }
        const QJsonObject object = QJsonDocument::fromJson(text).object();
        const TaskId id(object.value("taskId"_L1).toString());
        if (id.isEmpty())
            return tl::unexpected(
                QCoreApplication::translate("WatchFile", "%1, line %2: there is no “taskId”.")
                    .arg(path)
                    .arg(number));
        rows.append({id, object.value("label"_L1).toString()});
    }
    return rows;
}
