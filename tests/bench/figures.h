#pragma once

#include <QLatin1String>
#include <QString>

#include <array>
#include <optional>

/// A figure that the program promises to print.
struct FigureKind {
    QLatin1String id;
    QLatin1String topic; ///< as it is asked for on the command line; "xvfb" comes with "stall"
    QLatin1String title; ///< in front of its name in the table
    /// What meets the goal: at most that, or with `atLeast` at least; none: for information.
    std::optional<double> limit{};
    bool atLeast = false;
    bool isCounted = false; ///< bytes: nothing is run that could take time
};

/// All of them, in the order of the table, with their goals. What is not among them cannot be
/// reported, and of what is, none may be missing.
namespace Figures {

using namespace Qt::StringLiterals;

inline constexpr std::array kinds{
    FigureKind{"http.throughput"_L1, "http"_L1, "HTTP"_L1, 0.9, true},
    FigureKind{"http.cpu"_L1, "http"_L1, "HTTP"_L1, 1.15},
    FigureKind{"http.cpu-of-libcurl"_L1, "http"_L1, "HTTP"_L1},
    FigureKind{"http.curl-processes"_L1, "http"_L1, "HTTP"_L1, 15, true},
    FigureKind{"http.connections"_L1, "http"_L1, "HTTP"_L1, 6},
    FigureKind{"http.many-due"_L1, "http"_L1, "HTTP"_L1, 1.2},
    FigureKind{"http.gzip"_L1, "http2"_L1, "HTTP"_L1, {}, false, true},
    FigureKind{"http2.cpu"_L1, "http2"_L1, "HTTP/2"_L1, 1.15},
    FigureKind{"http2.cpu-of-http1"_L1, "http2"_L1, "HTTP/2"_L1},
    FigureKind{"parsing.same"_L1, "parsing"_L1, "Parsing"_L1, 0.1},
    FigureKind{"parsing.changed"_L1, "parsing"_L1, "Parsing"_L1, 3},
    FigureKind{"parsing.same-packed"_L1, "parsing"_L1, "Parsing"_L1, 0.1},
    FigureKind{"parsing.packing"_L1, "parsing"_L1, "Parsing"_L1},
    FigureKind{"table.flush-1000"_L1, "table"_L1, "Table"_L1, 10},
    FigureKind{"table.flush-selected-1000"_L1, "table"_L1, "Table"_L1, 20},
    FigureKind{"table.proxy-range-1000"_L1, "table"_L1, "Table"_L1, 10, true},
    FigureKind{"table.proxy-item-1000"_L1, "table"_L1, "Table"_L1},
    FigureKind{"table.flush-10000"_L1, "table"_L1, "Table"_L1, 10},
    FigureKind{"table.flush-selected-10000"_L1, "table"_L1, "Table"_L1, 20},
    FigureKind{"table.proxy-range-10000"_L1, "table"_L1, "Table"_L1, 10, true},
    FigureKind{"table.proxy-item-10000"_L1, "table"_L1, "Table"_L1},
    FigureKind{"table.scrolling"_L1, "table"_L1, "Table"_L1, 0.6},
    FigureKind{"stall.longest"_L1, "stall"_L1, "No stall"_L1, 16},
    FigureKind{"stall.longest-cpu"_L1, "stall"_L1, "No stall"_L1},
    FigureKind{"stall.percentile"_L1, "stall"_L1, "No stall"_L1, 8},
    FigureKind{"stall.changes"_L1, "stall"_L1, "No stall"_L1, 1000, true},
    FigureKind{"stall.gui"_L1, "stall"_L1, "No stall"_L1, 10},
    FigureKind{"xvfb.longest"_L1, "xvfb"_L1, "No stall, on Xvfb, once"_L1},
    FigureKind{"xvfb.longest-cpu"_L1, "xvfb"_L1, "No stall, on Xvfb, once"_L1},
    FigureKind{"xvfb.percentile"_L1, "xvfb"_L1, "No stall, on Xvfb, once"_L1},
    FigureKind{"xvfb.changes"_L1, "xvfb"_L1, "No stall, on Xvfb, once"_L1},
    FigureKind{"xvfb.gui"_L1, "xvfb"_L1, "No stall, on Xvfb, once"_L1},
    FigureKind{"memory.idle"_L1, "memory"_L1, "Memory"_L1, 2048},
    FigureKind{"memory.replies"_L1, "memory"_L1, "Memory"_L1},
    FigureKind{"memory.growth"_L1, "memory"_L1, "Memory"_L1, 1},
    FigureKind{"history.search-one"_L1, "history"_L1, "History"_L1, 200},
    FigureKind{"history.search-all"_L1, "history"_L1, "History"_L1, 200},
    FigureKind{"history.loading"_L1, "history"_L1, "History"_L1, 1.2},
    FigureKind{"history.loading-packed"_L1, "history"_L1, "History"_L1},
    FigureKind{"push.median"_L1, "push"_L1, "Push"_L1, 100},
    FigureKind{"push.slowest"_L1, "push"_L1, "Push"_L1},
    FigureKind{"start.paint-empty"_L1, "start"_L1, "Start"_L1, 2},
    FigureKind{"start.paint-many"_L1, "start"_L1, "Start"_L1, 2},
    FigureKind{"start.rows"_L1, "start"_L1, "Start"_L1, 1000},
    FigureKind{"start.idle-cpu"_L1, "start"_L1, "Start"_L1, 10},
    FigureKind{"start.idle-wake-ups"_L1, "start"_L1, "Start"_L1, 21},
};

} // namespace Figures
