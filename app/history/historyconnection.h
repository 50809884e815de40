#pragma once

#include "history/historyerror.h"

#include <QDeadlineTimer>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariantList>

#include <functional>

/// HistoryDatabase's connection to SQLite, with the statements that it uses again and again.
struct HistoryConnection {
    HistoryConnection(const QString &file, bool readOnly);
    ~HistoryConnection();
    Q_DISABLE_COPY_MOVE(HistoryConnection)

    // What fails leaves why in `lastError`.
    bool prepareLoading();
    bool prepareSearch(); ///< a file of an older version knows no words, then `canSearch` is false
    bool prepareWriting();
    /// Finished at once: an unfinished query of a journal mode suppresses every commit.
    bool pragma(const QString &text);
    /// Whether a query that was run has no error by now.
    bool noteError(const QSqlQuery &query);
    bool exec(const QString &sql);
    bool prepare(QSqlQuery &query, const QString &sql);
    bool run(QSqlQuery &query, const QVariantList &values);
    /// All of it, or nothing.
    bool inTransaction(const std::function<bool()> &work);
    /// Brings all of the journal into the file and leaves no byte in it. False, at once: somebody
    /// else still reads what is in it.
    [[nodiscard]] bool emptyJournal();
    enum class Depth {
        Quick,
        Whole ///< the indexes, too: by a wrong one, a task would be kept twice
    };
    [[nodiscard]] bool isSound(Depth depth);

    /// 0 if there is no answer.
    [[nodiscard]] qint64 number(const QString &text) const;
    /// Gives space back to the disk, as far as it is free in the file, until `patience` ends.
    /// Whether there is more to do.
    [[nodiscard]] bool shrink(QDeadlineTimer patience);

    [[nodiscard]] static HistoryError::Kind kindOf(const QSqlError &error);

    const QString name;
    QSqlDatabase database;
    QSqlQuery putTask{QSqlDatabase()};
    QSqlQuery putReply{QSqlDatabase()};
    QSqlQuery putWords{QSqlDatabase()};
    QSqlQuery noteWords{QSqlDatabase()};
    QSqlQuery putFacts{QSqlDatabase()};
    QSqlQuery putSum{QSqlDatabase()};
    QSqlQuery strange{QSqlDatabase()};
    QSqlQuery putStrange{QSqlDatabase()};
    QSqlQuery dropStrange{QSqlDatabase()};
    QSqlQuery facts{QSqlDatabase()};
    QSqlQuery dropTask{QSqlDatabase()};
    QSqlQuery dropRow{QSqlDatabase()};
    QSqlQuery tasks{QSqlDatabase()};
    QSqlQuery task{QSqlDatabase()};
    QSqlQuery matches{QSqlDatabase()};
    bool canSearch = false;
    QSqlError lastError;
};
