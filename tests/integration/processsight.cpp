#include "processsight.h"

#include <QDir>
#include <QFile>
#include <QHash>

using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(qint64 process, const QString &name)
{
    QFile file(u"/proc/%1/%2"_s.arg(QString::number(process), name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QByteArray ProcessSight::of(qint64 process)
{
    return contentOf(process, u"cmdline"_s) + '\n' + contentOf(process, u"environ"_s) + '\n';
}

QList<qint64> ProcessSight::descendantsOf(qint64 process)
{
    QMultiHash<qint64, qint64> children;
    const QStringList all = QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs);
    for (const QString &name : all) {
        // "ID (name) state parent …"; the name may hold anything.
        const QByteArray stat = contentOf(name.toLongLong(), u"stat"_s);
        const qint64 parent = stat.mid(stat.lastIndexOf(')') + 2).split(' ').value(1).toLongLong();
        children.insert(parent, name.toLongLong());
    }
    QList<qint64> found = children.values(process);
    for (qsizetype i = 0; i < found.size(); ++i)
        found += children.values(found.at(i));
    return found;
}
