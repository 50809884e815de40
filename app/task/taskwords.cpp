#include "task/taskwords.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("TaskWords", text);
}

/// Server text for one line: no breaks, not endless.
QString line(const QString &text)
{
    constexpr qsizetype longest = 300;
    if (text.size() <= longest)
        return text.simplified();
    // Cut well before simplifying: an error's text may be megabytes.
    const QString start = text.left(4 * longest).simplified();
    return start.size() <= longest ? start : start.left(longest - 1) + u'…';
}

QString failure(const TaskSnapshot &snapshot)
{
    QString cause;
    if (snapshot.error) {
        cause = line(snapshot.error->message);
        if (cause.isEmpty() && !snapshot.error->code.isEmpty())
            cause = tr("Error %1").arg(line(snapshot.error->code));
        if (cause.isEmpty())
            cause = line(QString::fromUtf8(snapshot.error->details.left(2000)));
    }
    if (cause.isEmpty())
        cause = tr("The server gives no reason");
    if (snapshot.currentStep.isEmpty())
        return cause;
    return tr("Step “%1”: %2").arg(line(snapshot.currentStep), cause);
}

QString completion(const TaskSnapshot &snapshot)
{
    if (snapshot.resultIsSecret)
        return tr("The result holds a secret");
    return line(QString::fromUtf8(snapshot.resultText));
}

/// What is said of a result that was too large, behind what else is said of it.
QString withHead(const QString &words, const TaskSnapshot &snapshot)
{
    if (!snapshot.resultIsHead)
        return words;
    const QString head = tr("The result is over 64 MiB: only its beginning is kept");
    return words.isEmpty() ? head : words + u" · "_s + head;
}

} // namespace

QString TaskWords::word(Outcome outcome, bool expired)
{
    switch (outcome) {
    case Outcome::Checking:
        return tr("Checking");
    case Outcome::Waiting:
        return tr("Waiting");
    case Outcome::Running:
        return tr("Running");
    case Outcome::Stalled:
        return tr("Stalled");
    case Outcome::Completed:
        return expired ? tr("Expired") : tr("Completed");
    case Outcome::CompletedWithProblems:
        return expired ? tr("Expired") : tr("Completed with problems");
    case Outcome::Failed:
        return expired ? tr("Expired") : tr("Failed");
    case Outcome::NotFound:
        return tr("Not found");
    case Outcome::OutcomeUnknown:
        return tr("Outcome unknown");
    case Outcome::Unreadable:
        return tr("Unreadable");
    }
    Q_UNREACHABLE();
    return {};
}

QString TaskWords::kebab(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Checking:
        return u"checking"_s;
    case Outcome::Waiting:
        return u"waiting"_s;
    case Outcome::Running:
        return u"running"_s;
    case Outcome::Stalled:
        return u"stalled"_s;
    case Outcome::Completed:
        return u"completed"_s;
    case Outcome::CompletedWithProblems:
        return u"completed-with-problems"_s;
    case Outcome::Failed:
        return u"failed"_s;
    case Outcome::NotFound:
        return u"not-found"_s;
    case Outcome::OutcomeUnknown:
        return u"outcome-unknown"_s;
    case Outcome::Unreadable:
        return u"unreadable"_s;
    }
    Q_UNREACHABLE();
    return {};
}

std::optional<Outcome> TaskWords::outcomeOf(const QString &word)
{
    for (int value = 0; value <= int(Outcome::Unreadable); ++value) {
        if (word == kebab(Outcome(value)))
            return Outcome(value);
    }
    return std::nullopt;
}

QString TaskWords::explanation(const TaskRecord &record)
{
    if (isFinal(record.outcome) && record.expired)
        return tr("%1, and no longer on the server. Taskwatch keeps what it saw last.")
            .arg(word(record.outcome));
    switch (record.outcome) {
    case Outcome::Checking:
        return tr("The server has not answered yet. Nothing to do.");
    case Outcome::Waiting:
        return tr("The server knows the task and has not started it yet.");
    case Outcome::Running:
        if (record.snapshot && record.snapshot->allStepsDone)
            return tr("All steps are done, but there is no result. Some servers never give one: "
                      "look in Guardian whether it is finished.");
        return tr("The task runs.");
    case Outcome::Stalled:
        return tr("The server answers, but nothing has changed for too long. Look in Guardian "
                  "or at the server's log; it may still go on by itself.");
    case Outcome::Completed:
        return tr("The task is finished.");
    case Outcome::CompletedWithProblems:
        return tr("The task is finished, but its result reports problems (%1). See Result.")
            .arg(record.snapshot ? record.snapshot->verdict.rule.get() : QString());
    case Outcome::Failed:
        return tr("The task ended with an error. See Error and Steps.");
    case Outcome::NotFound:
        return tr("The server does not know this ID: it was mistyped, belongs to another account, "
                  "or was forgotten (after a day or two, or when the server restarts).");
    case Outcome::OutcomeUnknown:
        return tr("The task was running, and the server no longer knows it: it forgets tasks when "
                  "it restarts. Look in Guardian for what became of it.");
    case Outcome::Unreadable:
        return tr("The server's answers were never those of a task. See Raw, and check the "
                  "server's address.");
    }
    Q_UNREACHABLE();
    return {};
}

QString TaskWords::summary(const TaskRecord &record)
{
    const TaskSnapshot none;
    const TaskSnapshot &snapshot = record.snapshot ? *record.snapshot : none;
    switch (record.outcome) {
    case Outcome::Checking:
        return record.trouble ? describe(*record.trouble).headline : QString();
    case Outcome::Waiting:
        return tr("Not started yet");
    case Outcome::Running:
        return line(snapshot.currentStep);
    case Outcome::Stalled:
        if (snapshot.currentStep.isEmpty())
            return tr("No change for too long");
        return tr("No change for too long in “%1”").arg(line(snapshot.currentStep));
    case Outcome::Completed:
        return withHead(completion(snapshot), snapshot);
    case Outcome::CompletedWithProblems:
        return withHead(line(snapshot.verdict.summary), snapshot);
    case Outcome::Failed:
        return failure(snapshot);
    case Outcome::NotFound:
        return tr("Unknown here, or another account's");
    case Outcome::OutcomeUnknown:
        if (snapshot.currentStep.isEmpty())
            return tr("Was running; the server no longer knows it");
        return tr("Last seen in “%1”; the server no longer knows it")
            .arg(line(snapshot.currentStep));
    case Outcome::Unreadable:
        return record.trouble ? describe(*record.trouble).headline
                              : tr("The answer could not be read");
    }
    Q_UNREACHABLE();
    return {};
}

QString TaskWords::standstill(const TaskRecord &record,
                              const std::optional<Baseline::Usual> &usualStep)
{
    // Whole minutes: it is at least five of them.
    const QString quiet = longDuration(duration_cast<minutes>(record.quietFor));
    return usualStep ? tr("No change for %1; usually this step takes %2.")
                           .arg(quiet, longDuration(usualStep->median))
                     : tr("No change for %1.").arg(quiet);
}

QString TaskWords::lost(const QString &moment)
{
    return tr("The server no longer knew it at %1. What is shown is what was seen last.")
        .arg(moment);
}

QString TaskWords::kebab(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return u"waiting"_s;
    case StepState::Running:
        return u"running"_s;
    case StepState::Completed:
        return u"completed"_s;
    case StepState::Failed:
        return u"failed"_s;
    case StepState::Skipped:
        return u"skipped"_s;
    case StepState::Info:
        return u"info"_s;
    }
    Q_UNREACHABLE();
    return {};
}

QString TaskWords::word(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return tr("Waiting");
    case StepState::Running:
        return tr("Running");
    case StepState::Completed:
        return tr("Completed");
    case StepState::Failed:
        return tr("Failed");
    case StepState::Skipped:
        return tr("Skipped");
    case StepState::Info:
        return tr("Remark");
    }
    Q_UNREACHABLE();
    return {};
}

QString TaskWords::error(const TaskError &error)
{
    if (error.code.isEmpty() || error.message.isEmpty())
        return error.code + error.message;
    return error.code + u": "_s + error.message;
}
