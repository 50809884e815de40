#include "history/packedsnapshot.h"

#include "history/contentsum.h"

#include <type_traits>

namespace {

/// To be raised when the form, or what is read from a reply, changes within one version of the
/// program.
constexpr quint64 form = 3;
constexpr int mostDepth = 1000; ///< of steps in steps
constexpr qsizetype sumSize = qsizetype(sizeof(quint64));

template<typename T>
concept Number = std::is_integral_v<T> || std::is_enum_v<T>;

template<typename Sum>
void add(Sum &sum, const PackedSnapshot::Beside &beside)
{
    sum.add(quint64(beside.reply.httpStatus));
    sum.add(quint64(beside.reply.duration.count()));
    sum.add(quint64(beside.reply.isHead));
    sum.add(beside.headers);
    sum.add(beside.body);
    sum.add(beside.sights);
}

quint64 sumOf(QByteArrayView facts, const PackedSnapshot::Beside &beside)
{
    static const QuickSum ofThisVersion = [] {
        QuickSum sum(form);
        sum.add(QByteArrayView(TASKWATCH_VERSION));
        return sum;
    }();
    QuickSum sum = ofThisVersion;
    add(sum, beside);
    sum.add(facts);
    return sum.value();
}

class Writer
{
public:
    void operator()(Number auto number)
    {
        // Seven bits a byte; the sign last, so that small numbers take one.
        const auto value = qint64(number);
        auto bits = quint64(value) << 1U ^ quint64(value >> 63);
        for (; bits > 0x7f; bits >>= 7U)
            m_bytes += char(quint8(bits | 0x80U));
        m_bytes += char(quint8(bits));
    }
    void operator()(const QByteArray &bytes)
    {
        (*this)(bytes.size());
        m_bytes += bytes;
    }
    void operator()(const QString &text) { (*this)(text.toUtf8()); }
    void operator()(const QDateTime &time) { (*this)(time.toMSecsSinceEpoch()); }
    template<typename T>
    void operator()(const std::optional<T> &value)
    {
        optional(value, *this);
    }
    void operator()(const TaskId &id) { (*this)(id.text()); }
    void operator()(const SlimText &text) { (*this)(text.get()); }
    void operator()(const OptionalTime &time) { (*this)(std::optional<QDateTime>(time)); }
    template<typename Optional, typename Carry>
    void optional(const Optional &value, Carry &&carry)
    {
        (*this)(value.has_value());
        if (value)
            carry(*value);
    }
    template<typename List, typename Carry>
    void list(const List &list, Carry &&carry)
    {
        (*this)(qsizetype(list.size()));
        for (const auto &item : list)
            carry(item);
    }
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

/// Takes what a Writer has written, in the same order. What is not there stays as it is.
class Reader
{
public:
    Reader(QByteArrayView bytes, TextPool *texts)
        : m_texts(texts)
        , m_at(bytes.data())
        , m_end(m_at + bytes.size())
    {
    }
    template<Number T>
    void operator()(T &number)
    {
        number = T(value());
    }
    void operator()(QByteArray &bytes)
    {
        if (const QByteArrayView raw = take(); !raw.isEmpty())
            bytes = raw.toByteArray();
    }
    void operator()(QString &text)
    {
        if (const QByteArrayView raw = take(); !raw.isEmpty()) // most are
            text = m_texts ? m_texts->text(raw) : TextPool::made(raw);
    }
    void operator()(QDateTime &time)
    {
        static const QDateTime epoch = QDateTime::fromMSecsSinceEpoch(0, Qt::UTC);
        time = epoch;
        time.setMSecsSinceEpoch(value()); // half of the time of making one
    }
    template<typename T>
    void operator()(std::optional<T> &value)
    {
        optional(value, *this);
    }
    void operator()(TaskId &id)
    {
        QString read;
        (*this)(read);
        id = TaskId(read);
    }
    void operator()(SlimText &text)
    {
        QString read;
        (*this)(read);
        text = read;
    }
    void operator()(OptionalTime &time)
    {
        std::optional<QDateTime> read;
        (*this)(read);
        time = read;
    }
    template<typename Optional, typename Carry>
    void optional(Optional &value, Carry &&carry)
    {
        if (this->value() != 0)
            carry(value.emplace());
    }
    template<typename List, typename Carry>
    void list(List &list, Carry &&carry)
    {
        const qint64 size = value();
        m_isSound = m_isSound && size >= 0 && size <= left() && m_depth < mostDepth;
        if (!m_isSound || size == 0)
            return;
        ++m_depth;
        list.resize(typename List::size_type(size));
        for (auto &item : list)
            carry(item);
        --m_depth;
    }
    /// All was there, and nothing more.
    [[nodiscard]] bool isDone() const { return m_isSound && m_at == m_end; }

private:
    [[nodiscard]] qsizetype left() const { return m_end - m_at; }
    [[nodiscard]] qint64 value()
    {
        if (m_at != m_end && quint8(*m_at) < 0x80) // nearly all
            return signedOf(quint8(*m_at++));
        quint64 bits = 0;
        for (unsigned shift = 0; m_at != m_end && shift < 64; shift += 7) {
            const auto byte = quint8(*m_at++);
            bits |= quint64(byte & 0x7fU) << shift;
            if (byte < 0x80)
                return signedOf(bits);
        }
        m_isSound = false;
        return 0;
    }
    [[nodiscard]] static qint64 signedOf(quint64 bits)
    {
        return qint64(bits >> 1U ^ (0 - (bits & 1U)));
    }
    [[nodiscard]] QByteArrayView take()
    {
        const qint64 size = value();
        m_isSound = m_isSound && size >= 0 && size <= left();
        if (!m_isSound)
            return {};
        m_at += size;
        return {m_at - size, size};
    }

    TextPool *m_texts;
    const char *m_at;
    const char *m_end;
    int m_depth = 0;
    bool m_isSound = true;
};

// Once for both ways, so that they cannot differ.

template<typename Archive, typename Error>
void carryError(Archive &archive, Error &error)
{
    archive(error.code);
    archive(error.message);
    archive(error.details);
}

template<typename Archive, typename Steps>
void carrySteps(Archive &archive, Steps &steps)
{
    archive.list(steps, [&archive](auto &step) {
        archive(step.name);
        archive(step.message);
        archive(step.state);
        archive(step.percent);
        archive(step.startedAt);
        archive(step.finishedAt);
        archive(step.startSeen);
        archive(step.finishSeen);
        archive.optional(step.error, [&archive](auto &error) { carryError(archive, error); });
        archive(step.minimized);
        carrySteps(archive, step.steps);
    });
}

template<typename Archive, typename Snapshot>
void carry(Archive &archive, Snapshot &snapshot)
{
    archive(snapshot.dialect);
    archive(snapshot.taskId);
    archive(snapshot.action);
    archive(snapshot.userId);
    archive(snapshot.phase);
    archive(snapshot.percent);
    archive(snapshot.currentStep);
    carrySteps(archive, snapshot.steps);
    archive(snapshot.expectedSteps);
    archive(snapshot.startedAt);
    archive(snapshot.finishedAt);
    archive(snapshot.timestamp);
    archive(snapshot.allStepsDone);
    archive(snapshot.hasResult);
    archive(snapshot.resultIsSecret);
    archive(snapshot.resultIsHead);
    archive(snapshot.secretRule);
    archive(snapshot.resultText);
    archive.optional(snapshot.error, [&archive](auto &error) { carryError(archive, error); });
    archive(snapshot.verdict.hasProblems);
    archive(snapshot.verdict.rule);
    archive(snapshot.verdict.summary);
    archive.list(snapshot.verdict.problems, archive);
}

} // namespace

qint64 PackedSnapshot::sumOfReply(const Beside &beside)
{
    ContentSum sum;
    add(sum, beside);
    return qint64(sum.value());
}

QByteArray PackedSnapshot::pack(const TaskSnapshot &snapshot, const Beside &beside)
{
    Writer writer;
    carry(writer, snapshot);
    QByteArray packed(sumSize, Qt::Uninitialized);
    qToLittleEndian(sumOf(writer.bytes(), beside), packed.data());
    packed += writer.bytes();
    // Half a surrogate pair, say, does not come back.
    const auto again = unpack(packed, beside, nullptr);
    return again && *again == snapshot ? packed : QByteArray("");
}

std::shared_ptr<const TaskSnapshot> PackedSnapshot::unpack(QByteArrayView packed,
                                                           const Beside &beside, TextPool *texts)
{
    if (packed.size() <= sumSize)
        return nullptr;
    const QByteArrayView facts = packed.sliced(sumSize);
    if (qFromLittleEndian<quint64>(packed.data()) != sumOf(facts, beside))
        return nullptr;
    auto snapshot = std::make_shared<TaskSnapshot>();
    Reader reader(facts, texts);
    carry(reader, *snapshot);
    return reader.isDone() ? std::move(snapshot) : nullptr;
}
