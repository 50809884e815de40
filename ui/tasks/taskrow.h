#pragma once

#include "task/taskrecord.h"
#include "tasks/taskcolumn.h"

#include <QDateTime>

#include <limits>
#include <optional>

/// What the table shows of one task, taken from its record when that changes. Texts are shared with
/// the record.
struct TaskRow {
    static constexpr qint64 never = std::numeric_limits<qint64>::min();

    TaskKey key;
    Outcome outcome = Outcome::Checking;
    bool expired = false;
    bool paused = false;
    bool slow = false;          ///< slower than usual, as it was judged last
    std::optional<int> percent; ///< 100 when completed
    int stepsDone = 0;
    int stepsTotal = 0;    ///< 0: nobody knows
    int stepsExpected = 0; ///< as announced; 0: not
    QString action;
    QString label;
    QString currentStep;
    QString summary;
    QString user;
    QString tags;              ///< "urgent, iREC"
    QString note;              ///< in one line
    bool acknowledged = false; ///< of a problem: somebody has seen it
    bool pinned = false;
    QString error;          ///< for the filter: code and message
    bool startedBy = false; ///< `started` is when it had begun, see TaskFacts::startedBy
    qint64 started = never; ///< ms since 1970, as all times here
    qint64 finished = never;
    qint64 changed = never;
    qint64 endedDay = never; ///< Julian day, local: when it ended, or was first seen to have
};

[[nodiscard]] TaskRow makeTaskRow(const TaskRecord &record);

/// The columns whose cells differ. Connection stands for the task's own mark alone, and Checked is
/// never among them: it is read from the record.
[[nodiscard]] TaskColumns differingColumns(const TaskRow &a, const TaskRow &b);
