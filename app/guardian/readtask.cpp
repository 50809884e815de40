#include "guardian/readtask.h"

#include "guardian/jsonfacts.h"
#include "guardian/readsteps.h"
#include "task/jsonmember.h"
#include "task/secretrule.h"
#include "task/verdict.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

bool isThere(const QJsonValue &value)
{
    return !value.isNull() && !value.isUndefined();
}

bool namesTask(const QJsonObject &task)
{
    return !task.value("taskId"_L1).toString().isEmpty()
           || !task.value("action"_L1).toString().isEmpty() || task.value("done"_L1).isBool()
           || task.value("statuses"_L1).isArray() || task.value("steps"_L1).isArray()
           || task.value("info"_L1).isObject() || task.value("expectation"_L1).isDouble();
}

std::optional<int> expectedSteps(const QJsonObject &task)
{
    const auto number = JsonFacts::number(task.value("expectation"_L1));
    if (!number || *number < 1)
        return std::nullopt;
    return static_cast<int>(std::min<double>(*number, std::numeric_limits<int>::max()));
}

/// One reading of one task object.
class Reading
{
public:
    Reading(const QJsonObject &task, QByteArrayView text, const SecretRules &rules)
        : m_task(task)
        , m_text(text)
        , m_rules(rules)
        , m_info(task.value("info"_L1).toObject())
        , m_result(task.value("result"_L1))
        , m_done(task.value("done"_L1))
    {
    }

    TaskSnapshot read()
    {
        m_out.dialect = m_done.isBool() ? Dialect::Documented : Dialect::Deployed;
        m_out.taskId = TaskId(m_task.value("taskId"_L1).toString());
        m_out.action = m_task.value("action"_L1).toString();
        if (m_out.action.isEmpty())
            m_out.action = m_info.value("name"_L1).toString();
        m_out.userId = m_task.value("userId"_L1).toString();
        m_out.expectedSteps = expectedSteps(m_task);
        m_out.timestamp = JsonFacts::milliseconds(m_info.value("timestamp"_L1));
        m_out.allStepsDone = m_info.value("completed"_L1).toBool(false);
        readError();
        readSteps();
        readPhase();
        readResult();
        readProgress();
        if (m_out.isFinal())
            settle(m_out.steps);
        readTimes();
        return std::move(m_out);
    }

private:
    enum class Source { None, Info, Statuses, Documented };

    void readError()
    {
        const QJsonValue error = m_task.value("error"_L1);
        if (error.isObject() || error.isArray())
            m_out.error =
                JsonFacts::error(error, topLevelMember(m_text, "error").value_or(QByteArrayView{}));
        else
            m_out.error = JsonFacts::error(error);
    }

    void readSteps()
    {
        const QJsonArray statuses = m_task.value("statuses"_L1).toArray();
        const QJsonArray steps = m_task.value("steps"_L1).toArray();
        const bool documented = m_out.dialect == Dialect::Documented;
        const bool hasOthers = !m_info.isEmpty() || !statuses.isEmpty();
        if (!steps.isEmpty() && (documented || !hasOthers))
            m_source = Source::Documented;
        else if (hasOthers)
            m_source = m_info.isEmpty() ? Source::Statuses : Source::Info;
        switch (m_source) {
        case Source::None:
            break;
        case Source::Info:
            m_out.steps = ReadSteps::fromInfo(m_info);
            break;
        case Source::Statuses:
            m_out.steps = ReadSteps::fromStatuses(statuses);
            break;
        case Source::Documented:
            m_out.steps = ReadSteps::fromDocumented(steps);
            break;
        }
    }

    void readPhase()
    {
        const bool finished = m_out.dialect == Dialect::Documented
                                  ? m_done.toBool()
                                  : isThere(m_result) || m_out.error.has_value();
        if (finished)
            m_out.phase = m_out.error ? TaskPhase::Failed : TaskPhase::Completed;
        else
            m_out.phase = hasStarted() ? TaskPhase::Running : TaskPhase::Waiting;
    }

    [[nodiscard]] bool hasStarted() const
    {
        if (m_source != Source::Info)
            return !m_out.steps.empty();
        for (const QLatin1String mark : {"started"_L1, "completed"_L1, "failed"_L1, "skipped"_L1}) {
            if (m_info.value(mark).toBool(false))
                return true;
        }
        return JsonFacts::percent(m_info.value("progress"_L1)).value_or(0) > 0
               || std::any_of(m_out.steps.begin(), m_out.steps.end(), [](const TaskStep &step) {
                      return step.state != StepState::Waiting;
                  });
    }

    void readResult()
    {
        m_out.hasResult = m_out.isFinal() && isThere(m_result);
        m_out.secretRule = m_rules.of(m_out.action);
        if (!m_out.hasResult)
            return;
        m_out.resultIsSecret = holdsSecret(m_out.action, m_result, m_out.secretRule);
        // Lines of it go everywhere, so a rule that shows all opens the result alone.
        const bool hides = holdsSecret(m_out.action, m_result, ruleForKeeping(m_out.secretRule));
        if (m_out.phase == TaskPhase::Completed)
            m_out.verdict = judge(m_out.action, hides ? maskedResult() : m_result);
        if (m_out.secretRule == SecretRule::MaskAll && m_out.verdict.hasProblems) {
            // What the verdict says stands in the result.
            m_out.verdict.summary =
                QCoreApplication::translate("Verdict", "The result, which is masked, has problems");
            m_out.verdict.problems.clear();
        }
        if (hides)
            return;
        QByteArray text;
        if (m_result.isString() && m_result.toString().size() <= 200)
            text = m_result.toString().toUtf8();
        else if (m_result.isDouble())
            text = JsonFacts::numberText(m_result.toDouble()).toUtf8();
        if (text.size() <= 200)
            m_out.resultText = text;
    }

    [[nodiscard]] QJsonValue maskedResult() const
    {
        const QByteArray whole = QJsonDocument(QJsonObject{{u"result"_s, m_result}}).toJson();
        const QByteArray masked =
            maskSecretsBy(ruleForKeeping(m_out.secretRule), whole, m_out.action);
        return QJsonDocument::fromJson(masked).object().value("result"_L1);
    }

    void readProgress()
    {
        if (m_out.phase == TaskPhase::Completed) {
            m_out.percent = 100;
            return;
        }
        if (m_source == Source::Info)
            m_out.percent = JsonFacts::percent(m_info.value("progress"_L1));
        else
            m_out.percent = percentOfLines();
        if (m_out.phase == TaskPhase::Failed)
            m_out.currentStep = failingStep();
        else if (m_out.phase == TaskPhase::Running)
            m_out.currentStep = runningStep();
    }

    [[nodiscard]] std::optional<int> percentOfLines() const
    {
        if (!m_out.expectedSteps)
            return std::nullopt;
        const auto closed =
            std::count_if(m_out.steps.begin(), m_out.steps.end(),
                          [](const TaskStep &step) { return step.state == StepState::Completed; });
        return static_cast<int>(std::min<qint64>(100, closed * 100 / *m_out.expectedSteps));
    }

    [[nodiscard]] QString runningStep() const
    {
        if (m_source == Source::Documented)
            return m_out.steps.back().name; // they are told when they are done: the last word
        if (m_source == Source::Info) {
            QString message = m_info.value("message"_L1).toString();
            if (!message.isEmpty())
                return message;
        }
        const TaskStep *step = ReadSteps::deepest(m_out.steps, StepState::Running);
        return step ? step->name : QString();
    }

    /// Often `info` stays at its last running snapshot: then what ran is what failed.
    [[nodiscard]] QString failingStep() const
    {
        if (const TaskStep *step = ReadSteps::deepest(m_out.steps, StepState::Failed))
            return step->name;
        return m_source == Source::Documented || m_source == Source::None ? QString()
                                                                          : runningStep();
    }

    /// A task that ended runs no step, though `info` stays at its last running snapshot.
    void settle(std::vector<TaskStep> &steps) const
    {
        for (TaskStep &step : steps) {
            if (step.state == StepState::Running)
                step.state =
                    m_out.phase == TaskPhase::Failed ? StepState::Failed : StepState::Completed;
            settle(step.steps);
        }
    }

    void readTimes()
    {
        m_out.startedAt = JsonFacts::time(m_info.value("startDate"_L1));
        if (!m_out.startedAt)
            m_out.startedAt = JsonFacts::time(m_task.value("date"_L1));
        // The documented dialect has neither; its first step's time is that of the step's end.
        if (!m_out.isFinal())
            return;
        m_out.finishedAt = JsonFacts::time(m_info.value("stopDate"_L1));
        if (m_out.finishedAt || m_source != Source::Documented)
            return;
        const auto last = std::find_if(m_out.steps.rbegin(), m_out.steps.rend(),
                                       [](const TaskStep &step) { return step.finishedAt; });
        if (last != m_out.steps.rend())
            m_out.finishedAt = last->finishedAt;
    }

    const QJsonObject &m_task;
    QByteArrayView m_text;
    const SecretRules &m_rules;
    QJsonObject m_info;
    QJsonValue m_result;
    QJsonValue m_done;
    Source m_source = Source::None;
    TaskSnapshot m_out;
};

} // namespace

std::optional<TaskSnapshot> readTask(const QJsonObject &task, QByteArrayView text,
                                     const SecretRules &rules)
{
    if (!namesTask(task))
        return std::nullopt;
    return Reading(task, text, rules).read();
}
