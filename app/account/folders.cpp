#include "account/folders.h"

#include "base/applicationid.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <cerrno>

using namespace Qt::StringLiterals;

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner;

/// XDG: a relative path in such a variable is invalid and ignored. (QStandardPaths knows no state
/// folder before Qt 6.7, so all three are read here.)
QString ours(const char *variable, QLatin1String belowHome)
{
    QString base = qEnvironmentVariable(variable);
    if (!QDir::isAbsolutePath(base))
        base = QDir::homePath() + u'/' + belowHome;
    return QDir::cleanPath(base + u'/' + applicationFolder);
}

/// Missing parents too, each 0700 as XDG asks.
tl::expected<void, QString> makeFolder(const QString &path)
{
    const QFileInfo info(path);
    if (info.isDir())
        return {};
    const auto failure = [&path](const QString &cause) {
        return tl::unexpected(
            QCoreApplication::translate("Folders", "The folder %1 cannot be made: %2.")
                .arg(QDir::toNativeSeparators(path), cause));
    };
    if (info.exists() || info.isSymLink())
        return failure(QCoreApplication::translate("Folders", "something else has that name"));
    if (!info.dir().isRoot())
        if (auto parent = makeFolder(info.path()); !parent)
            return parent;
    errno = 0;
    if (!QDir().mkdir(path, ownerOnly) && !QFileInfo(path).isDir())
        return failure(qt_error_string(errno));
    return {};
}

} // namespace

Folders Folders::standard()
{
    return {ours("XDG_DATA_HOME", ".local/share"_L1), ours("XDG_CONFIG_HOME", ".config"_L1),
            ours("XDG_STATE_HOME", ".local/state"_L1)};
}

Folders Folders::below(const QString &dataDir)
{
    const QString base = QDir::cleanPath(QDir::current().absoluteFilePath(dataDir));
    return {base + u"/data"_s, base + u"/config"_s, base + u"/state"_s};
}

tl::expected<void, QString> Folders::create() const
{
    for (const QString &folder : {data, config, state}) {
        if (auto made = makeFolder(folder); !made)
            return made;
        // Fails only for another's folder, whose mode is not ours to choose.
        if (QFileInfo(folder).permissions() & (QFileDevice::Permissions{0x0077}))
            QFile::setPermissions(folder, ownerOnly);
    }
    return {};
}
