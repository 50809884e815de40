#pragma once

#include <QColor>
#include <QRect>
#include <QString>

#include <optional>

class QPainter;

/// A flat bar with its number beside it. Runs: 6 px high; ended: thin and quiet. Without a percent:
/// hatched, and still.
struct ProgressCell {
    QRect rect;
    Qt::LayoutDirection direction = Qt::LeftToRight;
    std::optional<int> percent; ///< 0..100
    QString text;
    bool isRunning = true;
    QColor bar;
    QColor number;
    QColor ground; ///< what is below, to mix with

    /// In the painter's font.
    void paint(QPainter &painter) const;
    /// Where the bar goes, number apart.
    [[nodiscard]] QRect track(const QPainter &painter) const;
};
