#include "task/sharetexts.h"

namespace {

void shareTexts(std::vector<TaskStep> &steps, TextPool &pool)
{
    for (TaskStep &step : steps) {
        step.name = pool.shared(step.name);
        step.message = pool.shared(step.message);
        shareTexts(step.steps, pool);
    }
}

} // namespace

void shareTexts(TaskSnapshot &snapshot, const TaskId &id, TextPool &pool)
{
    if (snapshot.taskId == id)
        snapshot.taskId = id;
    for (QString *text : {&snapshot.action, &snapshot.userId, &snapshot.currentStep})
        *text = pool.shared(*text);
    shareTexts(snapshot.steps, pool);
}
