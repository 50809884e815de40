#pragma once

#include "window/detailsplitter.h"

#include <QByteArray>

#include <optional>

/// How a person left the window.
struct WindowLayout {
    QByteArray geometry;
    QByteArray sideSplit;
    bool sideListShown = true;
    DetailSplitter::Place place = DetailSplitter::Place::Automatic;
    QList<int> beside; ///< sizes of table and details
    QList<int> below;
    QByteArray table;
    int tab = 0;
};

[[nodiscard]] QByteArray packLayout(const WindowLayout &layout);
/// Absent for a blob that is damaged or of another version.
[[nodiscard]] std::optional<WindowLayout> unpackLayout(const QByteArray &blob);
