#include "base/taskid.h"

#include <mutex>
#include <unordered_set>

const QUuid *ServerId::lasting(QUuid uuid)
{
    struct Hash {
        size_t operator()(const QUuid &id) const noexcept { return qHash(id); }
    };
    static std::mutex mutex;
    static std::unordered_set<QUuid, Hash> all; // its elements stay where they are
    const std::lock_guard lock(mutex);
    return &*all.insert(uuid).first;
}
