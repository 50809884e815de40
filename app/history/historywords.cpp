#include "history/historywords.h"

#include "task/stepsight.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

void add(QString &text, const QString &part)
{
    const qsizetype left = HistoryWords::mostText - text.size();
    if (!part.isEmpty() && left > 0)
        text += part.left(left) + u'\n';
}

void add(QString &text, const TaskError &error, const HistoryFunctions &functions)
{
    add(text, error.code);
    add(text, error.message);
    if (!error.details.isEmpty() && error.details.size() <= HistoryWords::mostText)
        add(text, QString::fromUtf8(functions.mask(error.details, {})));
}

void add(QString &text, const std::vector<TaskStep> &steps, const HistoryFunctions &functions)
{
    for (const TaskStep &step : steps) {
        if (text.size() >= HistoryWords::mostText)
            return;
        add(text, step.name);
        add(text, step.message);
        if (step.error)
            add(text, *step.error, functions);
        add(text, step.steps, functions);
    }
}

bool haveDetails(const std::vector<TaskStep> &steps)
{
    return std::any_of(steps.cbegin(), steps.cend(), [](const TaskStep &step) {
        return (step.error && !step.error->details.isEmpty()) || haveDetails(step.steps);
    });
}

/// Words, and phrases, which stood in quotes. A quote that is not closed goes to the end.
QStringList partsOf(const QString &typed)
{
    QStringList parts{QString()};
    bool isPhrase = false;
    for (const QChar letter : typed) {
        if (letter == u'"')
            isPhrase = !isPhrase;
        if (letter == u'"' || (letter == u' ' && !isPhrase))
            parts.append(QString());
        else
            parts.last() += letter;
    }
    parts.removeAll(QString());
    return parts;
}

} // namespace

QByteArray HistoryWords::openReply(const TaskRecord &record, const HistoryFunctions &functions)
{
    return record.reply && record.snapshot
               ? functions.mask(record.reply->body.whole(), record.snapshot->action)
               : QByteArray();
}

std::shared_ptr<const TaskSnapshot> HistoryWords::openPart(const TaskRecord &record,
                                                           const QByteArray &open,
                                                           const HistoryFunctions &functions)
{
    if (!record.snapshot || !record.reply)
        return record.snapshot;
    const std::vector<TaskStep> &seen = record.snapshot->steps;
    const bool isOpen = open == record.reply->body;
    if (isOpen && !haveDetails(seen))
        return record.snapshot;
    TaskSnapshot told = *record.snapshot;
    if (!isOpen) {
        ReplyData reply = *record.reply;
        reply.body = open;
        auto again = functions.parse(reply);
        if (!again)
            return nullptr;
        told = std::move(*again);
        if (told.steps.empty())
            told.steps = seen;
        else
            StepSight::unpack(StepSight::pack(seen), told.steps);
    }
    StepSight::maskDetails(told.steps, [&functions](const QByteArray &details) {
        return functions.mask(details, {});
    });
    return std::make_shared<const TaskSnapshot>(std::move(told));
}

QString HistoryWords::textOf(const TaskRecord &record, const TaskSnapshot *told,
                             const HistoryFunctions &functions)
{
    QString text;
    add(text, record.key.task.text());
    add(text, record.label);
    for (const QString &tag : record.tags.get())
        add(text, tag);
    if (told) {
        const TaskSnapshot &snapshot = *told;
        add(text, snapshot.action);
        add(text, snapshot.userId);
        add(text, snapshot.verdict.summary);
        if (snapshot.error)
            add(text, *snapshot.error, functions);
        if (!snapshot.resultIsSecret)
            add(text, QString::fromUtf8(snapshot.resultText));
    }
    add(text, record.note->left(mostText / 2));
    if (told) {
        for (const QString &problem : told->verdict.problems)
            add(text, problem);
        add(text, told->steps, functions);
    }
    return text;
}

QString HistoryWords::expressionOf(const QString &typed)
{
    constexpr qsizetype mostWords = 20;
    QStringList words;
    // Half a surrogate pair would swallow the quote after it.
    const QString sound = QString::fromUtf8(typed.toUtf8());
    for (QString part : partsOf(sound.simplified())) {
        const bool hasWord = std::any_of(part.cbegin(), part.cend(),
                                         [](QChar letter) { return letter.isLetterOrNumber(); });
        if (!hasWord || words.size() >= mostWords)
            continue;
        words.append(u'"' + part.remove(QChar(0)) + u"\"*"_s);
    }
    return words.join(u' ');
}
