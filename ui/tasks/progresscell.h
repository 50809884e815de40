#pragma once

#include <QColor>
#include <QRect>
#include <QString>

#include <optional>

class QPainter;

/// A flat bar with its number beside it. Runs: 6 px high; ended: thin and quiet. Without a percent:
/// hatched, and still. A thin mark says where a usual run would be.
struct ProgressCell {
    QRect rect;
    Qt::LayoutDirection direction = Qt::LeftToRight;
    std::optional<int> percent;      ///< 0..100
    std::optional<double> usualMark; ///< 0..1: where a usual run would be by now
    QString text;
    bool isRunning = true;
    QColor bar;
    QColor number;
    QColor ground; ///< what is below, to mix with

    /// In the painter's font.
    void paint(QPainter &painter) const;
    /// Without the number: gives where that goes, with alignment().
    QRect paintBar(QPainter &painter) const;
    [[nodiscard]] Qt::Alignment alignment() const;
    /// Where the bar goes, number apart.
    [[nodiscard]] QRect track(const QPainter &painter) const;

    /// The mark on a bar: a thin upright line, set off from what is below.
    static void paintMark(QPainter &painter, const QRect &bar, double share,
                          Qt::LayoutDirection direction, const QColor &ink, const QColor &ground);
};
