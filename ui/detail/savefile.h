#pragma once

#include <QByteArray>
#include <QString>

#include <functional>

class QWidget;

/// Saving a document that may be large.
namespace SaveFile {

/// Writes in the calling thread: whole or not at all, readable for its owner only. Empty on
/// success, else what went wrong in words.
[[nodiscard]] QString write(const QString &path, const QByteArray &bytes);

/// Makes the bytes in the thread pool and writes them there; `done(message)` says in the GUI
/// thread, in words, how it went, unless `context` has died by then.
void writeInBackground(QWidget *context, const QString &path, std::function<QByteArray()> bytes,
                       std::function<void(const QString &)> done);

/// Asks for a file, without a nested event loop.
void ask(QWidget *parent, const QString &title, const QString &proposal,
         std::function<void(const QString &)> chosen);

/// A file name from a task's facts: no separators, no surprises.
[[nodiscard]] QString proposal(const QString &taskId, const QString &what);

} // namespace SaveFile
