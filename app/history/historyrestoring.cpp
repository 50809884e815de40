// How a task comes back out of the history's tables.
#include "history/contentsum.h"
#include "history/historycolumns.h"
#include "history/historyrows.h"
#include "history/packedsnapshot.h"
#include "history/storedreply.h"
#include "task/stepsight.h"

#include <QSqlQuery>
#include <QUuid>
#include <QVariant>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;
using namespace HistoryColumns;

namespace {

/// outcomeMask: none.
int takeOutcome(qint64 &numbers)
{
    const auto number = int(numbers & outcomeMask);
    numbers >>= outcomeBits;
    return number;
}

} // namespace

HistoryRows::Row HistoryRows::Restoring::restore(const QSqlQuery &row, TaskRecord &record)
{
    constexpr std::array times{columnOf("watched_since"), columnOf("changed_at"),
                               columnOf("checked_at"), columnOf("ended_at")};
    constexpr Columns outcomeColumn = columnOf("outcome");
    constexpr Columns quietColumn = columnOf("quiet_ms");
    constexpr Columns notifiedColumn = columnOf("notified");
    Row restored;
    restored.id = row.value(idAt).toLongLong();
    ContentSum sum;
    int at = columnsAt;
    const auto next = [&] { return row.value(at++); };
    const auto bytes = [&] {
        QByteArray utf8 = next().toByteArray();
        sum.add(utf8);
        return utf8;
    };
    const auto time = [&](Columns column) -> QDateTime {
        const QVariant value = next();
        if (value.isNull()) {
            sum.add(noTime);
            return {};
        }
        const qint64 ms = value.toLongLong();
        sum.add(quint64(ms));
        if (value.typeId() != QMetaType::LongLong || ms < firstMs || ms > lastMs) {
            restored.unread |= column;
            return {};
        }
        // Most of a task's times are that of its last change.
        if (ms != m_ms || !m_time.isValid()) {
            m_ms = ms;
            m_time = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
        }
        return m_time;
    };
    if (const QByteArray server = bytes(); server != m_serverText) {
        m_server = ServerId(QUuid::fromString(QLatin1String(server)));
        m_serverText = server;
    }
    TaskKey key{m_server, TaskId(m_texts.text(bytes()))};
    if (key.server.isNull() || key.task.isEmpty())
        return restored;
    restored.isTask = true;
    record.key = std::move(key);
    record.label = m_texts.text(bytes());
    record.watchedSince = time(times[0]);
    record.changedAt = time(times[1]);
    record.checkedAt = time(times[2]);
    record.endedAt = time(times[3]);
    const QVariant kept = next();
    restoreRare(next().toByteArray(), sum, restored, record);

    auto flags = row.value(flagsAt).toLongLong();
    sum.add(quint64(flags & ~1LL)); // but for the words'
    for (bool *flag : {&restored.hasWords, &record.paused, &record.expired, &record.confirmed,
                       &record.endWitnessed, &record.pinned, &record.muted, &record.acknowledged}) {
        *flag = (flags & 1) != 0;
        flags >>= 1;
    }
    if (const int outcome = takeOutcome(flags); outcome < oddOutcome)
        record.outcome = Outcome(outcome);
    else
        restored.unread |= outcomeColumn;
    if (const int notified = takeOutcome(flags); notified < oddOutcome)
        record.notified = Outcome(notified);
    else if (notified == oddOutcome)
        restored.unread |= notifiedColumn;
    record.quietFor = std::chrono::milliseconds{std::max<qint64>(0, flags)};
    if (flags < 0)
        restored.unread |= quietColumn;

    restored.hasSum = !kept.isNull();
    restored.sum = qint64(sum.value());
    restored.isWhole = restored.unread == 0 && (!restored.hasSum || kept == QVariant(restored.sum));
    restored.hasFacts = true;
    if (!row.value(at).isNull())
        restoreReply(row, at, restored, record);
    return restored;
}

void HistoryRows::Restoring::restoreRare(const QByteArray &rare, ContentSum &sum, Row &restored,
                                         TaskRecord &record)
{
    const qsizetype colon = rare.indexOf(':');
    const QList<QByteArray> sizes =
        rare.isEmpty() ? QList<QByteArray>() : rare.left(colon).split(' ');
    QByteArrayView left = QByteArrayView(rare).sliced(colon + 1);
    qsizetype at = 0;
    const auto text = [&] {
        const auto size = std::clamp<qsizetype>(sizes.value(at++).toLongLong(), 0, left.size());
        const QByteArrayView utf8 = left.first(size);
        sum.add(utf8);
        left = left.sliced(size);
        return m_texts.text(utf8);
    };
    record.note = text();
    if (const QString tags = text(); !tags.isEmpty())
        record.tags = tags.split(u'\n', Qt::SkipEmptyParts);
    if (const QString troubles = text(); !troubles.isEmpty()) {
        record.troubles = TroublePeriods::unpack(troubles.split(u'\n'));
        if (TroublePeriods::pack(record.troubles).join(u'\n') != troubles)
            restored.unread |= columnOf("troubles");
    }
}

void HistoryRows::Restoring::restoreReply(const QSqlQuery &row, int at, Row &restored,
                                          TaskRecord &record)
{
    auto reply = std::make_shared<ReplyData>();
    const qint64 numbers = row.value(at++).toLongLong();
    reply->duration = std::chrono::milliseconds{numbers >> durationBit};
    reply->httpStatus = int(numbers >> statusBit) & ((1 << (durationBit - statusBit)) - 1);
    StoredReply packed;
    packed.setForm(int(numbers) & ((1 << statusBit) - 1));
    packed.headers = row.value(at++).toByteArray();
    packed.body = row.value(at++).toByteArray();
    const QByteArray sights = row.value(at++).toByteArray();
    const QByteArray facts = row.value(at++).toByteArray();
    restored.hasFacts = false;
    if (!packed.unpack(*reply)) {
        restored.isReplyWhole = false;
        return;
    }
    const QByteArray body = reply->body.whole();
    const PackedSnapshot::Beside beside{*reply, packed.headers, body, sights};
    record.snapshot = PackedSnapshot::unpack(facts, beside, &m_texts);
    const auto &told = record.snapshot;
    restored.hasFacts = told && told->secretRule == m_rules.of(told->action);
    if (!restored.hasFacts) {
        // What was packed would have told by itself that all beside it is as it was.
        const QVariant kept = row.value(at);
        const bool isProven =
            told || (!kept.isNull() && kept == QVariant(PackedSnapshot::sumOfReply(beside)));
        restored.isReplyWhole = isProven || kept.isNull();
        const auto before = std::exchange(record.snapshot, nullptr);
        if (auto fresh = m_functions.parse(*reply)) {
            const bool namesSteps = !fresh->steps.empty();
            StepSight::unpack(sights, fresh->steps);
            if (fresh->steps.empty() && before)
                fresh->steps = before->steps; // of an earlier reply
            if (!isProven && namesSteps && StepSight::pack(fresh->steps) != sights)
                restored.isReplyWhole = false;
            record.snapshot = std::make_shared<const TaskSnapshot>(std::move(*fresh));
        } else if (!isProven) {
            restored.isReplyWhole = false; // it could be read when it was kept
        }
    }
    reply->body.pack();
    (record.snapshot ? record.reply : record.strangeReply) = std::move(reply);
}

HistoryRows::Strange HistoryRows::restoredStrange(const QSqlQuery &row)
{
    Strange strange;
    strange.id = row.value(0).toLongLong();
    auto reply = std::make_shared<ReplyData>();
    reply->httpStatus = row.value(1).toInt();
    reply->duration = std::chrono::milliseconds{row.value(2).toLongLong()};
    StoredReply packed;
    packed.headers = row.value(3).toByteArray();
    packed.body = row.value(4).toByteArray();
    packed.setForm(row.value(5).toInt());
    strange.isWhole = packed.unpack(*reply)
                      && row.value(6)
                             == QVariant(PackedSnapshot::sumOfReply(
                                 {*reply, packed.headers, reply->body.whole(), {}}));
    reply->body.pack();
    strange.reply = std::move(reply);
    return strange;
}
