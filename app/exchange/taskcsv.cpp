#include "exchange/taskcsv.h"

#include "task/taskfacts.h"
#include "task/taskwords.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr auto columns =
    "server,serverUrl,taskId,action,label,outcome,expired,percent,stepsDone,stepsTotal,currentStep,"
    "startedAt,finishedAt,durationSeconds,errorCode,errorMessage,summary,user,note,tags,"
    "watchedSince,changedAt\r\n";

QString time(const std::optional<QDateTime> &at)
{
    return at && at->isValid() ? at->toUTC().toString(Qt::ISODateWithMs) : QString();
}

QString number(const std::optional<int> &value)
{
    return value ? QString::number(*value) : QString();
}

/// Of a whole run: how long one that goes on has taken depends on when somebody looks.
QString seconds(const std::optional<QDateTime> &from, const std::optional<QDateTime> &to)
{
    return from && to && *from <= *to ? QString::number(double(from->msecsTo(*to)) / 1000.0, 'f', 3)
                                      : QString();
}

} // namespace

QByteArray TaskCsv::head()
{
    return QByteArray("\xef\xbb\xbf") + columns;
}

QString TaskCsv::cell(QString text)
{
    static constexpr auto orders = u"=+-@\t\r\n";
    if (!text.isEmpty() && QStringView(orders).contains(text.front()))
        text.prepend(u'\'');
    const bool isPlain = std::none_of(text.begin(), text.end(), [](QChar c) {
        return c == u'"' || c == u',' || c == u';' || c == u'\n' || c == u'\r';
    });
    return isPlain ? text : u'"' + text.replace(u'"', "\"\""_L1) + u'"';
}

QByteArray TaskCsv::row(const TaskRecord &record, const NamedServer &server)
{
    const TaskSnapshot none;
    const TaskSnapshot &snapshot = record.snapshot ? *record.snapshot : none;
    const TaskError error = snapshot.error.value_or(TaskError());
    const auto steps = TaskFacts::stepCount(record);
    const auto startedAt = TaskFacts::startedAt(record);
    const auto finishedAt = TaskFacts::finishedAt(record);
    const QStringList texts{server.name,
                            server.apiRoot.toString(QUrl::RemoveUserInfo),
                            record.key.task.text(),
                            snapshot.action,
                            record.label,
                            TaskWords::kebab(record.outcome),
                            record.expired ? u"true"_s : u"false"_s,
                            number(TaskFacts::percent(record)),
                            QString::number(steps.done),
                            number(steps.total),
                            snapshot.currentStep,
                            time(startedAt),
                            time(finishedAt),
                            seconds(startedAt, finishedAt),
                            error.code,
                            error.message,
                            TaskWords::summary(record),
                            snapshot.userId,
                            record.note,
                            record.tags->join(u' '),
                            time(record.watchedSince),
                            time(record.changedAt)};
    QStringList cells;
    cells.reserve(texts.size());
    for (const QString &text : texts)
        cells.append(cell(text));
    return cells.join(u',').toUtf8() + "\r\n";
}
