#include "detail/overviewfacts.h"

#include "detail/times.h"
#include "task/taskfacts.h"
#include "task/tasktext.h"
#include "task/taskwords.h"

#include <QCoreApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxText = 2'000;
constexpr qsizetype maxProblems = 50;

class FactList
{
    Q_DECLARE_TR_FUNCTIONS(Overview)

public:
    FactList(const TaskRecord &record, const Baselines &baselines, QString account,
             const QDateTime &now)
        : m_record(record)
        , m_baselines(baselines)
        , m_account(std::move(account))
        , m_now(now)
    {
    }

    QList<Fact> make(const QString &serverName)
    {
        state();
        problems();
        if (m_record.trouble) {
            const PollErrorText words = describe(*m_record.trouble);
            add(tr("Last check"), words.headline + u'\n' + words.nextStep);
            add(tr("Details"), m_record.trouble->detail);
        }
        identity(serverName);
        times();
        return m_facts;
    }

private:
    void add(const QString &name, QString value, bool isCode = false)
    {
        value = value.trimmed();
        if (value.isEmpty())
            return;
        if (value.size() > maxText)
            value = value.left(maxText) + u'…';
        m_facts.append({name, value, isCode});
    }

    void state()
    {
        add(tr("State"), TaskWords::word(m_record.outcome, m_record.expired));
        add(tr("Meaning"), TaskWords::explanation(m_record));
        if (m_record.outcome == Outcome::NotFound && !m_account.isEmpty())
            add(tr("Account"), tr("Not known here; you are %1.").arg(m_account));
        if (m_record.outcome == Outcome::Stalled)
            add(tr("Standstill"), TaskText::standstill(m_record, m_baselines));
        if (m_record.acknowledged && needsAttention(m_record.outcome))
            add(tr("Acknowledged"), tr("Somebody has seen it. Space takes that back."));
        if (const auto lost = TaskFacts::lostAt(m_record))
            add(tr("Forgotten"), TaskWords::lost(Times::full(*lost)));
        // Of others it would repeat the error, or the current step.
        if (m_record.outcome == Outcome::Completed
            || m_record.outcome == Outcome::CompletedWithProblems)
            add(tr("Summary"), TaskWords::summary(m_record));
        if (m_record.paused)
            add(tr("Paused"), tr("This task is not asked for until you resume it."));
        if (m_record.muted)
            add(tr("Notifications"), tr("Muted: you are told nothing of this task."));
    }

    void problems()
    {
        if (!m_record.snapshot)
            return;
        const TaskSnapshot &snapshot = *m_record.snapshot;
        if (const auto &error = snapshot.error) {
            add(tr("Error code"), error->code);
            add(tr("Error"), error->message);
        }
        if (m_record.outcome != Outcome::CompletedWithProblems)
            return;
        const Verdict &verdict = snapshot.verdict;
        QStringList lines = verdict.problems.mid(0, maxProblems);
        const auto more = static_cast<int>(verdict.problems.size() - lines.size());
        if (more > 0)
            lines.append(tr("… and %n more; see Result", nullptr, more));
        add(tr("Problems"), lines.join(u'\n'));
        add(tr("Judged by"), verdict.rule);
    }

    void identity(const QString &serverName)
    {
        const TaskSnapshot nothing;
        const TaskSnapshot &snapshot = m_record.snapshot ? *m_record.snapshot : nothing;
        add(tr("Action"), snapshot.action);
        add(tr("Label"), m_record.label);
        add(tr("Tags"), m_record.tags->join(", "_L1));
        add(tr("Note"), m_record.note);
        if (m_record.pinned)
            add(tr("Pinned"), tr("It is kept, whatever its age."));
        add(tr("Server"), serverName);
        add(tr("Task ID"), m_record.key.task.text(), true);
        if (snapshot.taskId != m_record.key.task)
            add(tr("ID in the reply"), snapshot.taskId.text(), true);
        add(tr("User"), snapshot.userId, true);
        if (TaskFacts::goesOn(m_record.outcome))
            add(tr("Current step"), snapshot.currentStep);
        if (snapshot.percent)
            add(tr("Progress"), tr("%1%").arg(*snapshot.percent));
        if (snapshot.expectedSteps)
            add(tr("Expected steps"), QLocale().toString(*snapshot.expectedSteps));
    }

    void times()
    {
        if (const auto started = TaskFacts::startedAt(m_record))
            add(tr("Started"), Times::full(*started));
        else if (const auto startedBy = TaskFacts::startedBy(m_record))
            add(tr("Started"),
                tr("by %1; the server does not say when").arg(Times::full(*startedBy)));
        if (const auto finished = TaskFacts::finishedAt(m_record))
            add(tr("Finished"), Times::full(*finished));
        const auto span = TaskFacts::span(m_record, m_now);
        add(tr("Elapsed"), TaskWords::span(span, TaskWords::longDuration));
        if (span && !span->atLeast)
            usual(span->length);
        add(tr("Watched since"), Times::full(m_record.watchedSince));
        add(tr("Last change"), Times::full(m_record.changedAt));
        add(tr("Last answer"), Times::full(m_record.checkedAt));
        troubles();
        if (m_record.confirmed)
            add(tr("Confirmed"), tr("The outcome is settled; the server is not asked any more."));
    }

    /// Else an open one was left by a run that ended before it did.
    [[nodiscard]] bool goesOn(const TroublePeriod &period) const
    {
        return m_record.trouble && m_record.trouble->kind == period.kind && !period.to.isValid()
               && &period == &m_record.troubles.constLast();
    }

    void troubles()
    {
        QStringList lines;
        for (const TroublePeriod &period : m_record.troubles) {
            PollError error;
            error.kind = period.kind;
            const bool isSameDay =
                period.to.toLocalTime().date() == period.from.toLocalTime().date();
            const QString from = Times::full(period.from);
            const QString when = goesOn(period)         ? tr("From %1").arg(from)
                                 : !period.to.isValid() ? tr("From %1, end not seen").arg(from)
                                 : isSameDay ? tr("%1 to %2").arg(from, Times::timeOfDay(period.to))
                                             : tr("%1 to %2").arg(from, Times::full(period.to));
            lines.append(tr("%1: %2").arg(when, describe(error).headline));
        }
        add(tr("Unanswered"), lines.join(u'\n'));
    }

    void usual(std::chrono::milliseconds elapsed)
    {
        const auto run = m_baselines.run(m_record);
        if (!run)
            return;
        add(tr("Usually"), TaskWords::range({run->lowerQuartile, run->upperQuartile}));
        const bool goesOn = TaskFacts::goesOn(m_record.outcome);
        const auto rest = goesOn ? m_baselines.remaining(m_record, elapsed) : std::nullopt;
        if (rest)
            add(tr("Time left"), tr("about %1").arg(TaskWords::range(*rest)));
        if (goesOn && Baseline::isSlow(*run, elapsed))
            add(tr("Pace"), tr("Slower than usual: nine of ten such tasks took at most %1.")
                                .arg(TaskWords::longDuration(run->ninetieth)));
    }

    const TaskRecord &m_record;
    const Baselines &m_baselines;
    QString m_account;
    QDateTime m_now;
    QList<Fact> m_facts;
};

} // namespace

QList<Fact> overviewFacts(const TaskRecord &record, const Baselines &baselines,
                          const QString &serverName, const QString &account, const QDateTime &now)
{
    return FactList(record, baselines, account, now).make(serverName);
}
