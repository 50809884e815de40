#pragma once

#include <QString>

#include <tl/expected.hpp>

/// Where everything is kept. All paths are absolute.
struct Folders {
    QString data;   ///< history.db
    QString config; ///< servers.json, settings.json
    QString state;  ///< window.json

    /// By the XDG base directories, in folders of our own.
    [[nodiscard]] static Folders standard();
    /// For --data-dir: folders of our own in `dataDir`, which itself is left as it is.
    [[nodiscard]] static Folders below(const QString &dataDir);

    /// Makes what is missing, 0700, and closes ours to others. The error says in words which folder
    /// could not be made; one that is there but cannot be written is no error here, because what is
    /// in it can still be read.
    [[nodiscard]] tl::expected<void, QString> create() const;

    friend bool operator==(const Folders &, const Folders &) = default;
};
