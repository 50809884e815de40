#pragma once

#include "account/jsonfile.h"

#include <QByteArray>

/// A filter that the operator keeps under a name.
struct SavedFilter {
    QString name;
    QString text; ///< as typed

    friend bool operator==(const SavedFilter &, const SavedFilter &) = default;
};

/// How the window was left. The blobs are Qt's and the views' own; empty: as on a first start.
struct WindowState {
    QByteArray geometry;
    QByteArray tableLayout;    ///< columns and sort
    QByteArray sideSplitter;   ///< side list | rest
    QByteArray detailSplitter; ///< table | detail
    int detailTab = 0;
    QString filter;
    QList<SavedFilter> savedFilters;

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
