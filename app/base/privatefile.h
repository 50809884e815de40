#pragma once

#include <QByteArray>
#include <QString>

#include <tl/expected.hpp>

class QDateTime;

/// Files of our own: readable by their owner only, written whole or not at all. Errors are in words
/// for the operator and name the file.
namespace PrivateFile {
/// The whole file. One of more than `cap` bytes is an error: ours are never that large.
[[nodiscard]] tl::expected<QByteArray, QString> read(const QString &path,
                                                     qint64 cap = 16LL * 1024 * 1024);
/// Replaces the file atomically; mode 0600.
[[nodiscard]] tl::expected<void, QString> write(const QString &path, const QByteArray &bytes);
/// Renames a damaged file to `path.damaged-<UTC time>`, never over another; gives its new path.
[[nodiscard]] tl::expected<QString, QString> setAside(const QString &path, const QDateTime &now);
} // namespace PrivateFile
