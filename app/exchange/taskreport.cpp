#include "exchange/taskreport.h"

#include "base/plaintext.h"
#include "task/secretrule.h"
#include "task/taskfacts.h"
#include "task/taskwords.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

struct Report {
    Q_DECLARE_TR_FUNCTIONS(TaskReport)
};

using Fact = std::pair<QString, QString>; ///< name, value; none is empty

QString heading(const TaskRecord &record)
{
    const QString action = record.snapshot && !record.snapshot->action.isEmpty()
                               ? record.snapshot->action
                               : Report::tr("Task");
    return (record.label.isEmpty() ? action : action + u" · "_s + record.label).simplified();
}

QString progress(const TaskRecord &record)
{
    const bool isDone =
        record.outcome == Outcome::Completed || record.outcome == Outcome::CompletedWithProblems;
    const auto percent = isDone ? std::optional(100) : TaskFacts::percent(record);
    if (percent)
        return Report::tr("%1%").arg(*percent);
    const auto steps = TaskFacts::stepCount(record);
    return steps.total ? Report::tr("%1 of %2 steps").arg(steps.done).arg(*steps.total) : QString();
}

QList<Fact> facts(const TaskRecord &record, const QString &server, const QDateTime &now)
{
    const TaskSnapshot none;
    const TaskSnapshot &snapshot = record.snapshot ? *record.snapshot : none;
    const auto moment = [](const std::optional<QDateTime> &at) {
        return at && at->isValid() ? TaskWords::absolute(*at) : QString();
    };
    QList<Fact> facts{
        {Report::tr("Status"), TaskWords::word(record.outcome, record.expired)},
        {Report::tr("Summary"), TaskWords::summary(record)},
        {Report::tr("Error"), snapshot.error ? TaskWords::error(*snapshot.error) : QString()},
        {Report::tr("Step"), snapshot.currentStep},
        {Report::tr("Progress"), progress(record)},
        {Report::tr("Started"), moment(TaskFacts::startedAt(record))},
        {Report::tr("Finished"), moment(TaskFacts::finishedAt(record))},
        {Report::tr("Elapsed"),
         TaskWords::span(TaskFacts::span(record, now), TaskWords::longDuration)},
        {Report::tr("Server"), server},
        {Report::tr("User"), snapshot.userId},
        {Report::tr("Task ID"), record.key.task.text()},
        {Report::tr("Tags"), record.tags.join(", "_L1)},
        {Report::tr("Note"), record.note}};
    for (Fact &fact : facts)
        fact.second = fact.second.simplified();
    facts.removeIf([](const Fact &fact) { return fact.second.isEmpty(); });
    return facts;
}

QString block(const TaskRecord &record, const QString &serverName, const QDateTime &now)
{
    QStringList lines{heading(record)};
    for (const auto &[name, value] : facts(record, serverName, now))
        lines.append(u"  "_s + name + u": "_s + value);
    return lines.join(u'\n') + u'\n';
}

/// In a fence longer than any within.
QString fenced(const QString &text)
{
    qsizetype longest = 0;
    qsizetype run = 0;
    for (const QChar c : text) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString fence(std::max<qsizetype>(3, longest + 1), u'`');
    return fence + u'\n' + PlainText::inLines(text) + (text.endsWith(u'\n') ? u""_s : u"\n"_s)
           + fence + u'\n';
}

QString clock(const std::optional<QDateTime> &at)
{
    return at ? at->toUTC().toString(u"HH:mm:ss"_s) : QString();
}

void addRows(const std::vector<TaskStep> &steps, int depth, QString &text)
{
    const TaskStep *before = nullptr;
    for (const TaskStep &step : steps) {
        const auto length = TaskFacts::length(step, std::exchange(before, &step));
        const QString name = QString(qsizetype(2) * depth, QChar::Nbsp)
                             + TaskReport::escaped(step.name.simplified());
        text += u"| %1 | %2 | %3 | %4 | %5 |\n"_s.arg(
            name, TaskWords::word(step.state), clock(step.startedAt), clock(step.finishedAt),
            length && length->count() >= 0 ? TaskWords::duration(*length) : QString());
        addRows(step.steps, depth + 1, text);
    }
}

} // namespace

QString TaskReport::ids(const QList<TaskKey> &keys)
{
    QStringList lines;
    for (const TaskKey &key : keys)
        lines.append(key.task.text());
    return lines.join(u'\n');
}

QString TaskReport::text(const QList<TaskRecord> &records,
                         const QHash<ServerId, QString> &serverNames, const QDateTime &now)
{
    QStringList blocks;
    for (const TaskRecord &record : records)
        blocks.append(block(record, serverNames.value(record.key.server), now));
    return blocks.join(u'\n');
}

QString TaskReport::escaped(const QString &text)
{
    static constexpr auto markup = u"\\`*_{}[]()<>#+-.!|~&";
    QString safe;
    safe.reserve(text.size() + 16);
    const QString line = PlainText::onOneLine(text);
    for (const QChar c : line) {
        if (QStringView(markup).contains(c))
            safe += u'\\';
        safe += c;
    }
    return safe;
}

QString TaskReport::markdownHead(qsizetype count, const QDateTime &now)
{
    const auto tasks = static_cast<int>(count);
    return u"# "_s
           + (tasks == 1 ? Report::tr("Report of 1 task")
                         : Report::tr("Report of %n tasks", nullptr, tasks))
           + u"\n\n"_s
           + Report::tr(
                 "Made by Taskwatch %1 at %2. Times of steps are UTC. Results are not shown; "
                 "secrets are masked.")
                 .arg(QStringLiteral(TASKWATCH_VERSION), TaskWords::absolute(now))
           + u'\n';
}

QString TaskReport::markdown(const TaskRecord &record, const NamedServer &server,
                             const QDateTime &now)
{
    const QString address = server.apiRoot.toString(QUrl::RemoveUserInfo);
    const QString where = server.name.isEmpty() || server.name == address
                              ? address
                              : server.name + u" ("_s + address + u')';
    QString text = u"\n## "_s + escaped(heading(record)) + u"\n\n"_s;
    for (const auto &[name, value] : facts(record, where, now))
        text += u"- **"_s + name + u":** "_s + escaped(value) + u'\n';
    if (!record.snapshot)
        return text;
    const TaskSnapshot &snapshot = *record.snapshot;
    if (!snapshot.steps.empty()) {
        text += u"\n| %1 | %2 | %3 | %4 | %5 |\n| --- | --- | --- | --- | --- |\n"_s.arg(
            Report::tr("Step"), Report::tr("State"), Report::tr("Started"), Report::tr("Ended"),
            Report::tr("Took"));
        addRows(snapshot.steps, 0, text);
    }
    if (!snapshot.verdict.problems.isEmpty()) {
        text += u'\n' + Report::tr("Problems:") + u"\n\n"_s;
        for (const QString &problem : snapshot.verdict.problems)
            text += u"- "_s + escaped(problem.simplified()) + u'\n';
    }
    if (snapshot.error) {
        const QByteArray details = maskSecrets(snapshot.error->details, {});
        const QString whole =
            details.isEmpty() ? snapshot.error->message : QString::fromUtf8(details);
        if (!whole.isEmpty())
            text += u'\n' + Report::tr("Error:") + u"\n\n"_s + fenced(whole);
    }
    return text;
}
