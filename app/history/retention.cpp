#include "history/retention.h"

#include <algorithm>

QList<KeptTask> outlived(const QList<KeptTask> &tasks, qint64 used, const RetentionLimits &limits,
                         const QDateTime &now)
{
    QList<KeptTask> going;
    for (const KeptTask &task : tasks) {
        if (isFinal(task.outcome) && !task.pinned)
            going.append(task);
    }
    std::sort(going.begin(), going.end(), [](const KeptTask &a, const KeptTask &b) {
        return a.endedAt != b.endedAt ? a.endedAt < b.endedAt : a.row < b.row;
    });
    const QDateTime oldest = now.addDays(-limits.days);
    qsizetype count = 0;
    for (; count < going.size(); ++count) {
        const KeptTask &task = going.at(count);
        const bool isOld = limits.days > 0 && task.endedAt.isValid() && task.endedAt < oldest;
        const bool isTooMuch = limits.bytes > 0 && used > limits.bytes;
        if (!isOld && !isTooMuch)
            break;
        used -= task.bytes;
    }
    going.resize(count);
    return going;
}
