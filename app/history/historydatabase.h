#pragma once

#include "history/historychange.h"
#include "history/historyerror.h"
#include "history/historyrows.h"
#include "history/retention.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QHash>
#include <QList>
#include <QSet>
#include <QString>

#include <limits>
#include <memory>
#include <optional>
#include <utility>

struct HistoryConnection;

/// How far masking what is kept has come.
struct HistoryMasking {
    QString mark;          ///< of the rules that it began with
    qint64 done = 0;       ///< rows up to that
    QList<qint64> changed; ///< of the last portion
    bool isAllMasked = false;
    bool isMerging = false; ///< the words
    bool areWordsMerged = false;
};

/// The history's file: SQLite, one connection, for one thread. Does not wait for more than 2 s.
class HistoryDatabase
{
public:
    HistoryDatabase(QString file, HistoryFunctions functions);
    ~HistoryDatabase();
    Q_DISABLE_COPY_MOVE(HistoryDatabase)

    /// Makes, opens and migrates the file. After Damaged (set aside, what could be read of
    /// it taken over) it is open all the same, after other errors for reading if that is possible.
    /// `now` names a file set aside.
    [[nodiscard]] tl::expected<void, HistoryError> open(const QDateTime &now);
    /// Reads the whole file through, which takes its time: the first tasks may be shown by then,
    /// and what cannot wait may be written. Damaged is as with open().
    [[nodiscard]] tl::expected<void, HistoryError> check();
    /// The same question, answered in any thread while others write. False: check() knows why.
    [[nodiscard]] static bool isSound(const QString &file);
    /// For who only looks, also while another instance writes: nothing is made, migrated or set
    /// aside.
    [[nodiscard]] tl::expected<void, HistoryError> openToRead();
    /// Whether somebody else has the file open now. For who would write behind a window's back.
    [[nodiscard]] bool isInUse() const;
    void close();
    [[nodiscard]] bool isReadable() const { return m_access != Access::None; }
    [[nodiscard]] bool isWritable() const { return m_access == Access::Full; }

    static constexpr qint64 allRows = std::numeric_limits<qint64>::max();

    struct Chunk {
        QList<TaskRecord> records;
        qint64 lastRow = 0;
        bool last = true;
        int leftOut = 0; ///< rows that name no task
    };
    /// The tasks after row `afterRow`, at most `limit`, in the order in which they were first kept.
    /// A reply that cannot be read any more becomes the record's `strangeReply`.
    [[nodiscard]] tl::expected<Chunk, HistoryError> load(qint64 afterRow, int limit);
    /// The IDs of those read so far of which something is not as it was kept. What nobody can read
    /// of them stays in the file as long as nobody knows more, and they are not pruned.
    [[nodiscard]] QStringList damaged() const;
    /// Adds what those loaded lack, because another version of the program wrote them: words, facts
    /// and sums of at most `limit`. Writes, and thus only after check(). Whether there is more to
    /// do. What cannot be written now, can be tried again.
    [[nodiscard]] tl::expected<bool, HistoryError> complete(int limit);
    /// All or nothing. A reply that is stored already is not written again. Where the file
    /// breaks in use, it is set aside, and takeNews() says so. What is kept in rows after `known`
    /// is news to whoever made the changes: both are merged.
    [[nodiscard]] tl::expected<void, HistoryError> write(const QList<HistoryChange> &changes,
                                                         qint64 known = allRows);
    [[nodiscard]] std::optional<HistoryError> takeNews()
    {
        return std::exchange(m_news, std::nullopt);
    }
    /// The tasks with all words of `typed`, those that were kept last first, at most `limit`.
    [[nodiscard]] tl::expected<QList<TaskKey>, HistoryError> search(const QString &typed,
                                                                    int limit);
    /// Looks for what is outlived, but for `spared`. It is removed with upkeep(), unless it is
    /// written before its turn comes.
    [[nodiscard]] tl::expected<void, HistoryError>
    prune(const RetentionLimits &limits, const QDateTime &now, const QSet<TaskKey> &spared = {});
    /// What was removed since this was last asked.
    [[nodiscard]] QList<TaskKey> takeDropped() { return std::exchange(m_dropped, {}); }

    /// Masks what is kept as it is masked now, so that nothing is left of it in the file's bytes:
    /// with upkeep().
    void maskKept();
    /// If not all was masked by the rules in force: they may have changed where nobody looked, or
    /// a maskKept() did not come to its end.
    void resumeMasking();
    [[nodiscard]] bool isMasking() const { return m_masking.has_value(); }
    /// For upkeep(): after what failed, if it is worth a try.
    [[nodiscard]] bool isUpkeepLeft() const
    {
        return isMasking() || !m_incomplete.isEmpty() || !m_going.isEmpty();
    }
    enum class Upkeep {
        Done,
        More,
        Blocked, ///< somebody reads the file: to be tried again later
    };
    /// Does some of what is left to do, so little that whoever writes can wait. After check().
    [[nodiscard]] tl::expected<Upkeep, HistoryError> upkeep();

private:
    enum class Access { None, Read, Full };
    struct Incomplete {
        HistoryRows::Row row;
        TaskRecord record;
    };
    struct Damage {
        HistoryRows::Columns unread = 0; ///< not overwritten since
        QVariantList restored;           ///< instead of what is unread
        bool isReplyDamaged = false;
        ReplyBody reply;                          ///< what could be read of it
        std::shared_ptr<const ReplyData> strange; ///< damaged, too, if there
    };

    [[nodiscard]] tl::expected<void, HistoryError> openOnce();
    [[nodiscard]] tl::expected<void, HistoryError> openConnection(bool readOnly);
    [[nodiscard]] tl::expected<void, HistoryError> soundness(bool isWhole);
    [[nodiscard]] tl::expected<void, HistoryError> openSetAside(const HistoryError &damage);
    [[nodiscard]] tl::unexpected<HistoryError> failure() const; ///< by the connection's last error
    [[nodiscard]] HistoryError error(HistoryError::Kind kind, const QString &detail = {}) const;
    [[nodiscard]] bool dropPortion();
    [[nodiscard]] bool maskReplies(int limit, QDeadlineTimer patience, HistoryMasking &masking);
    [[nodiscard]] bool maskAllReplies();
    [[nodiscard]] bool maskPortion();
    [[nodiscard]] bool mergePortion();
    [[nodiscard]] bool forgetWords(const QList<qint64> &rows);
    [[nodiscard]] bool noteMasking(std::optional<qint64> done);
    [[nodiscard]] QString rulesMark() const;
    [[nodiscard]] bool loadStrange(qint64 afterRow, qint64 lastRow, const QList<qint64> &rows,
                                   QList<TaskRecord> &records);
    [[nodiscard]] bool writeStrange(qint64 row, const TaskRecord &record);
    void noteDamage(const HistoryRows::Row &row, const TaskRecord &record);
    [[nodiscard]] std::optional<qint64> writeTask(const TaskRecord &record);
    [[nodiscard]] bool completeOne(const Incomplete &incomplete);
    [[nodiscard]] tl::expected<void, HistoryError> writeAll(const QList<HistoryChange> &changes,
                                                            qint64 known = allRows);
    [[nodiscard]] bool writeOne(const HistoryChange &change, qint64 known);
    [[nodiscard]] bool mergeWithUnknown(TaskRecord &record, qint64 known);
    [[nodiscard]] bool writeWords(qint64 row, const TaskRecord &record, const TaskSnapshot *told);
    [[nodiscard]] bool writeReply(qint64 row, const TaskRecord &record, const QByteArray &openReply,
                                  const TaskSnapshot *told);

    QString m_file;
    HistoryFunctions m_functions;
    Access m_access = Access::None;
    std::unique_ptr<HistoryConnection> m_connection;
    QHash<TaskKey, Incomplete> m_incomplete; ///< loaded, for complete()
    QHash<TaskKey, Damage> m_damaged;
    QHash<TaskKey, size_t> m_words; ///< hashes of what the search knows of those written
    QDateTime m_openedAt;
    std::optional<HistoryError> m_news;
    std::optional<HistoryMasking> m_masking;
    QList<KeptTask> m_going; ///< outlived, the oldest last
    QSet<TaskKey> m_spared;  ///< of them: written since
    bool m_isShrinking = false;
    QList<TaskKey> m_dropped;
};
