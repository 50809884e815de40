#include "task/mergerecords.h"

#include "task/stepsight.h"

#include <algorithm>

namespace {

/// Those of both; one that went on when it was kept has ended by now, if anybody knows that.
QList<TroublePeriod> mergedTroubles(QList<TroublePeriod> stored, const QList<TroublePeriod> &fresh)
{
    for (const TroublePeriod &period : fresh) {
        const auto same =
            std::find_if(stored.begin(), stored.end(), [&period](const TroublePeriod &known) {
                return known.kind == period.kind && known.from == period.from;
            });
        if (same == stored.end())
            stored.append(period);
        else if (period.to.isValid())
            same->to = period.to;
    }
    if (stored.size() > TroublePeriods::most)
        stored.remove(0, stored.size() - TroublePeriods::most);
    return stored;
}

QDateTime earlier(const QDateTime &a, const QDateTime &b)
{
    return a.isValid() && (!b.isValid() || a < b) ? a : b;
}

} // namespace

TaskRecord mergedRecords(const TaskRecord &stored, const TaskRecord &fresh)
{
    const bool isFinalKept = isFinal(stored.outcome) && !isFinal(fresh.outcome);
    const bool isStored = isFinalKept || (stored.snapshot && !fresh.snapshot);
    TaskRecord record = isStored ? stored : fresh;
    record.label = fresh.label.isEmpty() ? stored.label : fresh.label;
    record.note = fresh.note.isEmpty() ? stored.note : fresh.note;
    record.tags = fresh.tags.isEmpty() ? stored.tags : fresh.tags;
    record.paused = stored.paused || fresh.paused;
    record.pinned = stored.pinned || fresh.pinned;
    record.muted = stored.muted || fresh.muted;
    if (stored.outcome == fresh.outcome)
        record.acknowledged = stored.acknowledged || fresh.acknowledged;
    record.notified = fresh.notified ? fresh.notified : stored.notified;
    record.watchedSince = earlier(stored.watchedSince, fresh.watchedSince);
    record.troubles = mergedTroubles(stored.troubles, fresh.troubles);
    if (isStored || !fresh.snapshot)
        return record;
    if (isFinal(stored.outcome)) {
        record.endedAt = stored.endedAt;
        record.endWitnessed = stored.endWitnessed;
    }
    record.snapshot = StepSight::addTo(fresh.snapshot, stored.snapshot.get(), fresh.changedAt);
    return record;
}
