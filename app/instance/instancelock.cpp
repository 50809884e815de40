#include "instance/instancelock.h"

#include "account/folders.h"
#include "base/applicationid.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

tl::expected<InstancePlace, QString> InstancePlace::of(const Folders &folders)
{
    const QString data = QFileInfo(folders.data).canonicalFilePath();
    // Qt makes sure that it is ours and closed to others.
    const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    const QString ours = runtime + u'/' + applicationFolder;
    constexpr auto ownerOnly =
        QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner;
    if (data.isEmpty() || runtime.isEmpty()
        || (!QDir().mkdir(ours, ownerOnly) && !QFileInfo(ours).isDir()))
        return tl::unexpected(
            QCoreApplication::translate("Instance", "There is no folder for the instance's socket "
                                                    "(XDG_RUNTIME_DIR)."));
    constexpr qsizetype digits = 16; // a socket's path is short: 107 bytes
    const QString name = QString::fromLatin1(
        QCryptographicHash::hash(data.toUtf8(), QCryptographicHash::Sha256).toHex().first(digits));
    return InstancePlace{ours + u'/' + name + u".socket"_s, ours + u'/' + name + u".lock"_s};
}

InstanceLock::InstanceLock(QString path)
    : m_path(std::move(path))
{
}

InstanceLock::~InstanceLock()
{
    if (m_file >= 0)
        ::close(m_file); // the file stays: removing it would be a race with the next
}

bool InstanceLock::tryLock()
{
    if (m_file >= 0)
        return true;
    // The sticky bit keeps cleaners of the runtime folder away (XDG base directories).
    constexpr mode_t mode = S_ISVTX | S_IRUSR | S_IWUSR;
    const int file = ::open(QFile::encodeName(m_path).constData(),
                            O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0)
        return false;
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        ::close(file);
        return false;
    }
    ::fchmod(file, mode);
    m_file = file;
    return true;
}
