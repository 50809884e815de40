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
#include <charconv>
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

/// The bytes in a value, without the copy that toByteArray() makes.
class Bytes
{
public:
    Bytes(const QSqlQuery &row, int at)
        : m_value(row.value(at))
    {
        if (m_value.typeId() != QMetaType::QByteArray) {
            if (m_value.isNull())
                return;
            m_value = m_value.toByteArray(); // damage
        }
        m_bytes = static_cast<const QByteArray *>(m_value.constData());
    }
    Q_DISABLE_COPY_MOVE(Bytes)
    ~Bytes() = default;
    [[nodiscard]] bool isEmpty() const { return !m_bytes || m_bytes->isEmpty(); }
    [[nodiscard]] QByteArray bytes() const { return m_bytes ? *m_bytes : QByteArray(); }
    [[nodiscard]] QByteArrayView view() const
    {
        return m_bytes ? QByteArrayView(*m_bytes) : QByteArrayView();
    }

private:
    QVariant m_value;
    const QByteArray *m_bytes = nullptr; ///< in it
};

/// What select() makes of the texts that most tasks lack.
struct RareTexts {
    explicit RareTexts(QByteArrayView packed)
    {
        const qsizetype colon = packed.indexOf(':');
        if (colon < 0)
            return;
        QByteArrayView left = packed.sliced(colon + 1);
        const char *at = packed.data();
        const char *const end = at + colon;
        for (QByteArrayView *text : {&label, &note, &tags}) {
            qsizetype size = left.size(); // there is only one
            at = std::from_chars(at, end, size).ptr;
            at += int(at != end);
            *text = left.first(std::clamp<qsizetype>(size, 0, left.size()));
            left = left.sliced(text->size());
        }
        troubles = left;
    }
    QByteArrayView label;
    QByteArrayView note;
    QByteArrayView tags;
    QByteArrayView troubles;
};
static_assert(countOf(Form::Rare) == 4);

void restore(const RareTexts &rare, TextPool &texts, HistoryRows::Row &restored, TaskRecord &record)
{
    record.label = texts.text(rare.label);
    record.note = texts.text(rare.note);
    if (const QString tags = texts.text(rare.tags); !tags.isEmpty())
        record.tags = tags.split(u'\n', Qt::SkipEmptyParts);
    if (const QString troubles = texts.text(rare.troubles); !troubles.isEmpty()) {
        record.troubles = TroublePeriods::unpack(troubles.split(u'\n'));
        if (TroublePeriods::pack(record.troubles).join(u'\n') != troubles)
            restored.unread |= columnOf("troubles");
    }
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
    const auto time = [&](Columns column) -> QDateTime {
        const QVariant value = row.value(at++);
        const bool isNumber = value.typeId() == QMetaType::LongLong;
        if (!isNumber && value.isNull()) {
            sum.add(noTime);
            return {};
        }
        const qint64 ms = value.toLongLong();
        sum.add(quint64(ms));
        if (!isNumber || ms < firstMs || ms > lastMs) {
            restored.unread |= column;
            return {};
        }
        // Most of a task's times are that of its last change.
        if (ms != m_ms)
            m_time.setMSecsSinceEpoch(m_ms = ms);
        return m_time;
    };
    const Bytes server(row, at++);
    const Bytes task(row, at++);
    if (server.view() != m_serverText) {
        m_server = ServerId(QUuid::fromString(QLatin1String(server.view())));
        m_serverText = server.bytes();
    }
    TaskKey key{m_server, TaskId(m_texts.text(task.view()))};
    if (key.server.isNull() || key.task.isEmpty())
        return restored;
    const Bytes rare(row, rareAt);
    const RareTexts texts(rare.view());
    restored.isTask = true;
    record.key = std::move(key);
    sum.add(server.view());
    sum.add(task.view());
    sum.add(texts.label);
    record.watchedSince = time(times[0]);
    record.changedAt = time(times[1]);
    record.checkedAt = time(times[2]);
    record.endedAt = time(times[3]);
    const QVariant kept = row.value(at);
    sum.add(texts.note);
    sum.add(texts.tags);
    sum.add(texts.troubles);
    if (!rare.isEmpty())
        ::restore(texts, m_texts, restored, record);

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
    restored.isWhole =
        restored.unread == 0 && (!restored.hasSum || kept.toLongLong() == restored.sum);
    restored.hasFacts = true;
    if (const QVariant numbers = row.value(replyAt); !numbers.isNull())
        restoreReply(row, numbers.toLongLong(), restored, record);
    return restored;
}

void HistoryRows::Restoring::restoreReply(const QSqlQuery &row, qint64 numbers, Row &restored,
                                          TaskRecord &record)
{
    int at = replyAt + 1;
    auto reply = std::make_shared<ReplyData>();
    reply->duration = std::chrono::milliseconds{numbers >> durationBit};
    reply->httpStatus = int(numbers >> statusBit) & ((1 << (durationBit - statusBit)) - 1);
    StoredReply packed;
    packed.setForm(int(numbers) & ((1 << statusBit) - 1));
    packed.headers = Bytes(row, at++).bytes();
    packed.body = Bytes(row, at++).bytes();
    const Bytes sights(row, at++);
    const Bytes facts(row, at++);
    restored.hasFacts = false;
    if (!packed.unpack(*reply)) {
        restored.isReplyWhole = false;
        return;
    }
    const QByteArray body = reply->body.whole();
    const PackedSnapshot::Beside beside{*reply, packed.headers, body, sights.view()};
    record.snapshot = PackedSnapshot::unpack(facts.view(), beside, &m_texts);
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
            StepSight::unpack(sights.bytes(), fresh->steps);
            if (fresh->steps.empty() && before)
                fresh->steps = before->steps; // of an earlier reply
            if (!isProven && namesSteps && StepSight::pack(fresh->steps) != sights.view())
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
