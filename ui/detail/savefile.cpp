#include "detail/savefile.h"

#include "base/background.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QSaveFile>

using namespace Qt::StringLiterals;

QString SaveFile::write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)
        || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || file.write(bytes) != bytes.size() || !file.commit())
        return file.errorString();
    return {};
}

void SaveFile::writeInBackground(QWidget *context, const QString &path,
                                 std::function<QByteArray()> bytes,
                                 std::function<void(const QString &)> done)
{
    Background::run(
        context, [path, bytes = std::move(bytes)] { return write(path, bytes()); },
        [path, done = std::move(done)](const QString &error) {
            const QString name = QDir::toNativeSeparators(path);
            done(error.isEmpty() ? QCoreApplication::translate("SaveFile", "Saved to %1").arg(name)
                                 : QCoreApplication::translate("SaveFile", "Could not save %1: %2")
                                       .arg(name, error));
        });
}

void SaveFile::ask(QWidget *parent, const QString &title, const QString &proposal,
                   std::function<void(const QString &)> chosen)
{
    auto *dialog = new QFileDialog(parent, title, QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(proposal);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
    dialog->open();
}

QString SaveFile::proposal(const QString &taskId, const QString &what)
{
    QString name;
    const QString start = taskId.left(64);
    for (const QChar c : start)
        name += c.isLetterOrNumber() || c == u'-' || c == u'_' ? c : u'_';
    return u"task-%1-%2"_s.arg(name.isEmpty() ? u"unknown"_s : name, what);
}
