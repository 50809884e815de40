#include "cli/showtext.h"

#include "base/plaintext.h"
#include "task/taskfacts.h"
#include "task/taskwords.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ShowText)
};

[[nodiscard]] QChar markOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Checking:
        return u'…';
    case Outcome::Waiting:
        return u'○';
    case Outcome::Running:
        return u'▶';
    case Outcome::Stalled:
        return u'⧗';
    case Outcome::Completed:
        return u'✓';
    case Outcome::CompletedWithProblems:
        return u'!';
    case Outcome::Failed:
        return u'✕';
    case Outcome::NotFound:
    case Outcome::OutcomeUnknown:
    case Outcome::Unreadable:
        return u'?';
    }
    return u'?';
}

[[nodiscard]] QChar markOf(StepState state)
{
    switch (state) {
    case StepState::Waiting:
        return u'○';
    case StepState::Running:
        return u'▶';
    case StepState::Completed:
        return u'✓';
    case StepState::Failed:
        return u'✕';
    case StepState::Skipped:
        return u'–';
    case StepState::Info:
        return u'i';
    }
    return u'?';
}

[[nodiscard]] QString oneLine(const QString &text)
{
    return PlainText::onOneLine(text.trimmed());
}

[[nodiscard]] QString indented(const QString &text, int depth)
{
    const QString space(qsizetype{2} * depth, u' ');
    QString block = PlainText::inLines(text.trimmed());
    block.replace(u'\n', u'\n' + space);
    return space + block + u'\n';
}

[[nodiscard]] QString percentText(std::optional<int> percent)
{
    return percent ? Words::tr("%1%").arg(*percent) : QString();
}

[[nodiscard]] QString lasted(const std::optional<QDateTime> &from,
                             const std::optional<QDateTime> &to)
{
    return from && to && *from <= *to
               ? TaskWords::duration(std::chrono::milliseconds(from->msecsTo(*to)))
               : QString();
}

[[nodiscard]] QString joined(QStringList parts, const QString &by = u" · "_s)
{
    parts.removeAll(QString());
    return parts.join(by);
}

} // namespace

QString stepLine(const TaskStep &step, int depth)
{
    const bool runs = step.state == StepState::Running;
    const QString facts = joined({oneLine(step.name), runs ? percentText(step.percent) : QString(),
                                  lasted(step.startedAt, step.finishedAt)},
                                 u"  "_s);
    return QString(qsizetype{2} * depth, u' ') + markOf(step.state) + u' ' + facts;
}

namespace {

[[nodiscard]] QString stepsText(const std::vector<TaskStep> &steps, int depth)
{
    QString text;
    for (const TaskStep &step : steps) {
        text += stepLine(step, depth) + u'\n';
        if (!step.message.isEmpty() && step.message != step.name)
            text += indented(oneLine(step.message), depth + 2);
        if (step.error)
            text += indented(joined({oneLine(step.error->code), oneLine(step.error->message)}),
                             depth + 2);
        text += stepsText(step.steps, depth + 1);
    }
    return text;
}

[[nodiscard]] QString valueText(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson());
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson());
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(list.mid(1, list.size() - 2));
}

/// Details from the JSON: secrets are masked there.
[[nodiscard]] QString errorText(const TaskError &error, const QJsonValue &details)
{
    QString text = joined({oneLine(error.code), PlainText::inLines(error.message)}, u": "_s);
    // Beyond code and message.
    if (details.isArray() || details.toObject().size() > 2 || (text.isEmpty() && !details.isNull()))
        text += u'\n' + valueText(details);
    return text;
}

[[nodiscard]] QString factsText(const TaskRecord &record, const QDateTime &now)
{
    const auto percent = isFinal(record.outcome) ? std::nullopt : TaskFacts::percent(record);
    const auto startedAt = TaskFacts::startedAt(record);
    return joined({percentText(percent),
                   startedAt ? Words::tr("started %1").arg(startedAt->toUTC().toString(Qt::ISODate))
                             : QString(),
                   TaskWords::span(TaskFacts::span(record, now), TaskWords::longDuration)});
}

} // namespace

QString showText(const TaskRecord &record, const QJsonObject &json, const QDateTime &now,
                 ShownSteps steps)
{
    const TaskSnapshot *const snapshot = record.snapshot.get();
    const QString action = snapshot ? oneLine(snapshot->action) : QString();
    QString text = markOf(record.outcome) + u' '
                   + joined({TaskWords::word(record.outcome, record.expired), action,
                             oneLine(record.key.task.text())})
                   + u'\n';
    if (const QString summary = oneLine(TaskWords::summary(record)); !summary.isEmpty())
        text += indented(summary, 1);
    if (!snapshot)
        return text;
    if (const QString facts = factsText(record, now); !facts.isEmpty())
        text += indented(facts, 1);
    if (steps == ShownSteps::All)
        text += stepsText(snapshot->steps, 1);
    for (const QString &problem : snapshot->verdict.problems)
        text += indented(u"! "_s + oneLine(problem), 1);
    if (snapshot->error)
        text += indented(Words::tr("Error:"), 1)
                + indented(errorText(*snapshot->error, json["error"_L1]["details"_L1]), 2);
    if (const QJsonValue result = json.value("result"_L1);
        !result.isNull() && !result.isUndefined())
        text += indented(Words::tr("Result:"), 1) + indented(valueText(result), 2);
    return text;
}
