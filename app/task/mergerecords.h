#pragma once

#include "task/taskrecord.h"

/// One task as an earlier run kept it and as this run, which had not read that yet, has come to
/// know it. A final outcome stays; else the later knowledge counts, once there is any. Of what the
/// operator says of it this run's word counts, where there is one; of what else was said and of
/// what was seen, nothing is lost. Merging again changes nothing.
[[nodiscard]] TaskRecord mergedRecords(const TaskRecord &stored, const TaskRecord &fresh);
