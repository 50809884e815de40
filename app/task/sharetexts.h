#pragma once

#include "base/taskid.h"
#include "base/textpool.h"
#include "task/tasksnapshot.h"

/// Of ten thousand tasks most are of a few kinds: lets the snapshot share their words, and its ID.
void shareTexts(TaskSnapshot &snapshot, const TaskId &id, TextPool &pool);
