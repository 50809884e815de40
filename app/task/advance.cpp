#include "task/advance.h"

#include "task/stepsight.h"

#include <QCoreApplication>

#include <algorithm>

using namespace std::chrono;

namespace {

Outcome outcomeOf(const TaskSnapshot &snapshot)
{
    switch (snapshot.phase) {
    case TaskPhase::Waiting:
        return Outcome::Waiting;
    case TaskPhase::Running:
        return Outcome::Running;
    case TaskPhase::Completed:
        return snapshot.verdict.hasProblems ? Outcome::CompletedWithProblems : Outcome::Completed;
    case TaskPhase::Failed:
        return Outcome::Failed;
    }
    Q_UNREACHABLE();
    return Outcome::Checking;
}

/// One application of one poll; `m_record` becomes the new belief.
class Advance
{
public:
    Advance(const TaskRecord &before, const PollOutcome &poll, const Instant &now,
            milliseconds stallLimit)
        : m_before(before)
        , m_poll(poll)
        , m_now(now)
        , m_stallLimit(stallLimit)
        , m_record(before)
    {
    }

    TaskRecord run()
    {
        if (!m_poll.answer) {
            takeTrouble(m_poll.answer.error());
        } else if (const auto *fresh =
                       std::get_if<std::shared_ptr<const TaskSnapshot>>(&*m_poll.answer)) {
            if (*fresh)
                takeReadable(*fresh);
        } else {
            takeUnchanged();
        }
        return std::move(m_record);
    }

private:
    void takeReadable(const std::shared_ptr<const TaskSnapshot> &answer)
    {
        if (const QString foreign = foreignTask(m_poll); !foreign.isEmpty()) {
            m_record.lastAnswer = LastAnswer::Foreign;
            takeTrouble(foreignAnswer(foreign));
            return;
        }
        const auto fresh = StepSight::addTo(answer, m_before.snapshot.get(), m_now.wall);
        noteReadable();
        if (isFinal(m_before.outcome) && fresh->isFinal())
            m_record.confirmed = true;
        if (isOlder(*fresh)) {
            m_record.lastAnswer = LastAnswer::SetAside;
            stayAsItIs();
            return;
        }
        m_record.lastAnswer = LastAnswer::Taken;
        m_record.snapshotSentAt = m_poll.sentAt.awake;
        const bool same = m_before.snapshot && *m_before.snapshot == *fresh;
        // The same facts may come in other bytes, which the raw view shows.
        if (!same || (m_poll.reply && !isSameReply(m_before.reply, m_poll.reply)))
            m_record.reply = m_poll.reply;
        if (same) {
            stayAsItIs();
            return;
        }
        m_record.snapshot = fresh;
        m_record.changedAt = m_now.wall;
        m_record.unchangedAnswers = 0;
        m_record.quietFor = milliseconds{0};
        // Here, and not when it stalls: what was seen may be the same stall.
        if (!isFinal(m_before.outcome))
            m_record.acknowledged = false;
        setOutcome(outcomeOf(*fresh));
    }

    /// The same bytes as the last readable answer: what became of that one, decides.
    void takeUnchanged()
    {
        if (m_before.lastAnswer == LastAnswer::Foreign) {
            takeTrouble(foreignAnswer({}));
            return;
        }
        noteReadable();
        if (!m_before.snapshot)
            return; // the poller remembers more than we do; the next change tells
        if (m_poll.reply && isSameReply(m_before.reply, m_poll.reply))
            m_record.reply = m_poll.reply; // in less room
        if (m_before.lastAnswer == LastAnswer::Taken) {
            m_record.snapshotSentAt = m_poll.sentAt.awake;
            if (isFinal(m_before.outcome))
                m_record.confirmed = true;
        }
        stayAsItIs();
    }

    void noteReadable()
    {
        TroublePeriods::end(m_record.troubles, wasTroubled(), m_now.wall);
        m_record.trouble.reset();
        m_record.strangeReply.reset();
        m_record.checkedAt = m_now.wall;
        m_record.emptyAnswers = 0;
        m_record.firstEmptyAt = milliseconds{0};
        m_record.expired = false;
        m_record.lastReadableAt = m_now.awake;
    }

    /// The poll before, of this run, told nothing.
    [[nodiscard]] bool wasTroubled() const
    {
        return m_before.trouble && m_before.trouble->kind != PollError::Kind::NotKnown;
    }

    /// Whether the answer must not replace the snapshot that we have.
    [[nodiscard]] bool isOlder(const TaskSnapshot &fresh) const
    {
        if (!m_before.snapshot)
            return false;
        const TaskSnapshot &known = *m_before.snapshot;
        if (known.isFinal() != fresh.isFinal())
            return known.isFinal();
        if (known.isFinal() && fresh.resultIsHead != known.resultIsHead)
            return fresh.resultIsHead; // the whole is better than its beginning
        if (known.timestamp && fresh.timestamp && *known.timestamp != *fresh.timestamp)
            return *fresh.timestamp < *known.timestamp;
        return m_before.snapshotSentAt && m_poll.sentAt.awake < *m_before.snapshotSentAt;
    }

    /// Readable and nothing new: it may stand still, or come back from the unknown.
    void stayAsItIs()
    {
        const Outcome told = outcomeOf(*m_record.snapshot);
        if (isFinal(told)) {
            setOutcome(told);
            return;
        }
        m_record.unchangedAnswers = m_before.unchangedAnswers + 1;
        if (m_before.lastReadableAt)
            m_record.quietFor += std::max(milliseconds{0}, m_now.awake - *m_before.lastReadableAt);
        const bool stalled =
            m_record.unchangedAnswers >= stalledAnswers && m_record.quietFor > m_stallLimit;
        setOutcome(stalled ? Outcome::Stalled : told);
    }

    void takeTrouble(const PollError &error)
    {
        // That a task is not known, is an answer.
        if (error.kind == PollError::Kind::NotKnown)
            TroublePeriods::end(m_record.troubles, wasTroubled(), m_now.wall);
        else
            TroublePeriods::add(m_record.troubles, error.kind, wasTroubled(), m_now.wall);
        m_record.trouble = error;
        if (!isSameReply(m_before.strangeReply, m_poll.reply))
            m_record.strangeReply = m_poll.reply;
        m_record.lastReadableAt.reset();
        switch (error.kind) {
        case PollError::Kind::NotKnown:
            m_record.checkedAt = m_now.wall;
            countEmpty();
            break;
        case PollError::Kind::Unreadable:
        case PollError::Kind::TooLarge:
            m_record.checkedAt = m_now.wall;
            if (m_before.outcome == Outcome::Checking)
                setOutcome(Outcome::Unreadable);
            break;
        case PollError::Kind::SignInNeeded:
        case PollError::Kind::NoPermission:
        case PollError::Kind::RateLimited:
        case PollError::Kind::ServerError:
        case PollError::Kind::Timeout:
        case PollError::Kind::Unreachable:
        case PollError::Kind::Certificate:
        case PollError::Kind::ForeignRedirect:
            break; // nobody has said anything about the task
        }
    }

    void countEmpty()
    {
        if (m_before.emptyAnswers == 0)
            m_record.firstEmptyAt = m_now.awake;
        ++m_record.emptyAnswers;
        if (m_record.emptyAnswers < emptyAnswersNeeded
            || m_now.awake - m_record.firstEmptyAt < emptyAnswersSpan)
            return;
        if (isFinal(m_before.outcome))
            m_record.expired = true;
        else
            setOutcome(m_before.snapshot ? Outcome::OutcomeUnknown : Outcome::NotFound);
    }

    void setOutcome(Outcome outcome)
    {
        if (outcome == m_record.outcome)
            return;
        m_record.outcome = outcome;
        if (needsAttention(outcome) && outcome != Outcome::Stalled)
            m_record.acknowledged = false;
        if (outcome == Outcome::NotFound || outcome == Outcome::OutcomeUnknown
            || outcome == Outcome::Unreadable)
            m_record.changedAt = m_now.wall;
        if (isFinal(outcome) && !isFinal(m_before.outcome)) {
            m_record.endedAt = m_now.wall;
            m_record.endWitnessed = m_before.snapshot != nullptr;
        }
    }

    const TaskRecord &m_before;
    const PollOutcome &m_poll;
    const Instant &m_now;
    milliseconds m_stallLimit;
    TaskRecord m_record;
};

} // namespace

TaskRecord advance(const TaskRecord &before, const PollOutcome &outcome, const Instant &now,
                   std::optional<milliseconds> usualLongestStep)
{
    const milliseconds limit =
        std::max<milliseconds>(stalledAfter, 2 * usualLongestStep.value_or(milliseconds{0}));
    return Advance(before, outcome, now, limit).run();
}

QString foreignTask(const PollOutcome &outcome)
{
    if (!outcome.answer)
        return {};
    const auto *told = std::get_if<std::shared_ptr<const TaskSnapshot>>(&*outcome.answer);
    if (!told || !*told
        || (*told)->taskId.text().compare(outcome.key.task.text(), Qt::CaseInsensitive) == 0)
        return {};
    return (*told)->taskId.text();
}

PollError foreignAnswer(const QString &id)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("PollError", text); };
    PollError error;
    error.kind = PollError::Kind::Unreadable;
    error.detail = id.isEmpty() ? tr("The answer is about another task.")
                                : tr("The answer is about another task: %1").arg(id.left(100));
    error.httpStatus = 200;
    return error;
}

TaskRecord resumed(TaskRecord record)
{
    interruptWatching(record);
    record.emptyAnswers = 0;
    record.firstEmptyAt = milliseconds{0};
    record.snapshotSentAt.reset();
    // It stays so until an answer says otherwise.
    if (record.outcome == Outcome::Stalled)
        record.unchangedAnswers = std::max(record.unchangedAnswers, stalledAnswers);
    record.lastAnswer = LastAnswer::Taken;
    return record;
}

void interruptWatching(TaskRecord &record)
{
    record.lastReadableAt.reset();
}
