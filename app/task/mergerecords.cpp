#include "task/mergerecords.h"

#include "task/stepsight.h"

#include <algorithm>
#include <type_traits>

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

/// What the operator has said in this run counts, else what was ever said.
void mergeOperatorParts(TaskRecord &record, const TaskRecord &stored, const TaskRecord &fresh)
{
    const auto merge = [&](auto TaskRecord::*part, OperatorPart name) {
        const bool isFresh =
            fresh.said.testFlag(name) || fresh.*part != std::decay_t<decltype(fresh.*part)>();
        record.*part = isFresh ? fresh.*part : stored.*part;
    };
    merge(&TaskRecord::label, OperatorPart::Label);
    merge(&TaskRecord::note, OperatorPart::Note);
    merge(&TaskRecord::tags, OperatorPart::Tags);
    merge(&TaskRecord::paused, OperatorPart::Paused);
    merge(&TaskRecord::pinned, OperatorPart::Pinned);
    merge(&TaskRecord::muted, OperatorPart::Muted);
    if (stored.outcome == fresh.outcome) // else it was said of another
        merge(&TaskRecord::acknowledged, OperatorPart::Acknowledged);
    record.said = fresh.said;
}

} // namespace

TaskRecord mergedRecords(const TaskRecord &stored, const TaskRecord &fresh)
{
    const bool isFinalKept = isFinal(stored.outcome) && !isFinal(fresh.outcome);
    const bool isStored = isFinalKept || (stored.snapshot && !fresh.snapshot);
    TaskRecord record = isStored ? stored : fresh;
    mergeOperatorParts(record, stored, fresh);
    record.notified = fresh.notified ? fresh.notified : stored.notified;
    record.watchedSince = earlier(stored.watchedSince, fresh.watchedSince);
    record.troubles = mergedTroubles(stored.troubles, fresh.troubles);
    // Nobody has answered since.
    if (!record.strangeReply && !fresh.checkedAt.isValid() && !fresh.trouble)
        record.strangeReply = stored.strangeReply;
    if (isStored || !fresh.snapshot)
        return record;
    if (isFinal(stored.outcome)) {
        record.endedAt = stored.endedAt;
        record.endWitnessed = stored.endWitnessed;
    }
    record.snapshot = StepSight::addTo(fresh.snapshot, stored.snapshot.get(), fresh.changedAt);
    return record;
}
