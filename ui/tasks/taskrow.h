#pragma once

#include "base/slim.h"
#include "task/taskrecord.h"
#include "tasks/taskcolumn.h"

#include <QDateTime>

#include <limits>
#include <memory>
#include <optional>

/// What the table shows of one task, taken from its record when that changes; shared with the
/// record what it holds already.
struct TaskRow {
    static constexpr qint64 never = std::numeric_limits<qint64>::min();

    TaskKey key;
    Outcome outcome = Outcome::Checking;
    bool expired = false;
    bool paused = false;
    bool slow = false;         ///< slower than usual, as it was judged last
    bool acknowledged = false; ///< of a problem: somebody has seen it
    bool pinned = false;
    bool startedBy = false;     ///< `started` is when it had begun, see TaskFacts::startedBy
    std::optional<int> percent; ///< 100 when completed
    int stepsDone = 0;
    int stepsTotal = 0;                       ///< 0: nobody knows
    int stepsExpected = 0;                    ///< as announced; 0: not
    std::shared_ptr<const TaskSnapshot> told; ///< what the server says of it; null: nothing yet
    QString summary;
    SlimText label;
    SlimText tags;          ///< "urgent, iREC"
    SlimText note;          ///< in one line
    SlimText error;         ///< for the filter: code and message
    qint64 started = never; ///< ms since 1970, as all times here
    qint64 finished = never;
    qint64 changed = never;
    qint64 endedDay = never; ///< Julian day, local: when it ended, or was first seen to have

    [[nodiscard]] QString action() const { return told ? told->action : QString(); }
    [[nodiscard]] QString currentStep() const { return told ? told->currentStep : QString(); }
    [[nodiscard]] QString user() const { return told ? told->userId : QString(); }
};

[[nodiscard]] TaskRow makeTaskRow(const TaskRecord &record);

/// The columns whose cells differ. Connection stands for the task's own mark alone, and Checked is
/// never among them: it is read from the record.
[[nodiscard]] TaskColumns differingColumns(const TaskRow &a, const TaskRow &b);
