#include "base/privatefile.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PrivateFile)
};

tl::unexpected<QString> failure(const QString &text, const QString &path, const QString &cause)
{
    return tl::unexpected(text.arg(QDir::toNativeSeparators(path), cause));
}

} // namespace

tl::expected<QByteArray, QString> PrivateFile::read(const QString &path, qint64 cap)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(Words::tr("%1 cannot be read: %2."), path, file.errorString());
    const QByteArray bytes = file.read(cap + 1);
    if (file.error() != QFileDevice::NoError)
        return failure(Words::tr("%1 cannot be read: %2."), path, file.errorString());
    if (bytes.size() > cap)
        return failure(Words::tr("%1 cannot be read: %2."), path,
                       Words::tr("it is far larger than it can be"));
    return bytes;
}

tl::expected<void, QString> PrivateFile::write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    // The mode is set while the file is still empty: it takes over that of the file it replaces.
    if (!file.open(QIODevice::WriteOnly)
        || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || file.write(bytes) != bytes.size() || !file.commit())
        return failure(Words::tr("%1 cannot be written: %2."), path, file.errorString());
    return {};
}

tl::expected<QString, QString> PrivateFile::setAside(const QString &path, const QDateTime &now)
{
    const QString stem = path + u".damaged-"_s + now.toUTC().toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
    QString target = stem;
    for (int i = 2; QFile::exists(target); ++i)
        target = stem + u'-' + QString::number(i);
    QFile file(path);
    if (!file.rename(target))
        return failure(Words::tr("%1 is damaged and cannot be renamed: %2."), path,
                       file.errorString());
    return target;
}
