#pragma once

#include "history/historydatabase.h"

#include <QDateTime>
#include <QObject>
#include <QSet>
#include <QThread>

#include <chrono>
#include <memory>

/// HistoryStore's hand in the history's thread. Everything is asked and answered through queued
/// calls.
class HistoryWorker final : public QObject
{
    Q_OBJECT

public:
    /// Tasks per loaded(): few enough that the window does not stall on them.
    static constexpr int chunkSize = 2000;
    /// Tasks per found().
    static constexpr int mostFound = 10'000;
    /// How long close() tries to write.
    static constexpr std::chrono::seconds closingPatience{4};
    /// How long close() masks what is left.
    static constexpr std::chrono::seconds closingUpkeep{2};

    HistoryWorker(QString file, HistoryFunctions functions);
    ~HistoryWorker() override;
    Q_DISABLE_COPY_MOVE(HistoryWorker)

    /// Answers with failed() if there is something to say, then with the first loaded().
    void open(const QDateTime &now);
    /// What could not be opened for writing. Answers as open() does, but says nothing of what can
    /// still only be read.
    void reopen(const QDateTime &now);
    /// Asked for by the receiver of loaded(), so that chunks do not pile up at its thread.
    void loadMore();
    /// Answers with written(). While it is read, what is kept of tasks that were not taken yet is
    /// merged.
    void write(const QList<HistoryChange> &changes);
    /// After the file was checked, and with upkeep().
    void maskKept();
    /// Portion by portion, so that what is asked meanwhile gets its turn. Answers with
    /// upkeepPutOff() if it is to be asked for again later.
    void upkeep();
    /// Answers with found().
    void search(const QString &typed);
    /// Portion by portion. Answers with dropped() if something was. `spared`: what is known of them
    /// is newer than what was written.
    void prune(const RetentionLimits &limits, const QDateTime &now, const QSet<TaskKey> &spared);
    /// Writes what could not be written so far and `last`, tries again for `patience` where that
    /// may help, and says in the log what was lost. What is left to be masked is, if it does not
    /// take long.
    void close(const QList<HistoryChange> &last = {},
               std::chrono::milliseconds patience = closingPatience);

Q_SIGNALS:
    void failed(const HistoryError &error);
    /// `last`: nothing more comes. `writable`: whether write() makes sense by now.
    void loaded(const QList<TaskRecord> &records, bool last, bool writable);
    void written(const std::optional<HistoryError> &error);
    void found(const QString &typed, const QList<TaskKey> &keys);
    void dropped(const QList<TaskKey> &keys);
    void upkeepPutOff();

private:
    [[nodiscard]] bool openAgain(const QDateTime &now);
    void startCheck();
    void takeCheck(bool isSound);
    void finishLoading();
    void tellBreakage(const HistoryError &error);
    void tellDamage();
    [[nodiscard]] tl::expected<void, HistoryError> writeLast(const QList<HistoryChange> &changes,
                                                             QDeadlineTimer patience);

    bool m_masksLater = false;
    bool m_isUpkeepAsked = false;
    HistoryDatabase m_database;
    QString m_file;
    QDateTime m_openedAt;
    qint64 m_lastRow = 0;
    qint64 m_takenRow = 0; ///< up to there, the receiver of loaded() has taken them
    int m_leftOut = 0;
    bool m_allRead = false;
    bool m_checked = false;
    std::unique_ptr<QThread> m_check;       ///< reads the whole file meanwhile
    std::optional<HistoryError> m_breakage; ///< met while loading
    QSet<TaskKey> m_told;                   ///< while loading
    QList<HistoryChange> m_unwritten;       ///< of the last write(), which failed
};
