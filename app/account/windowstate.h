#pragma once

#include "account/jsonfile.h"

#include <QByteArray>

/// How the window was left. The blobs are Qt's and the views' own; empty: as on a first start.
struct WindowState {
    QByteArray geometry;
    QByteArray tableLayout;    ///< columns and sort
    QByteArray sideSplitter;   ///< side list | rest
    QByteArray detailSplitter; ///< table | detail
    int detailTab = 0;
    QString filter;

    friend bool operator==(const WindowState &, const WindowState &) = default;
};

/// The window's state in `window.json`.
class WindowStateFile
{
public:
    /// The clock must outlive this.
    WindowStateFile(const QString &stateFolder, const Clock &clock);

    /// The defaults for whatever is missing or unreadable: not worth a word to the operator.
    [[nodiscard]] WindowState load();
    [[nodiscard]] tl::expected<void, QString> save(const WindowState &state);

private:
    JsonFile m_file;
};
