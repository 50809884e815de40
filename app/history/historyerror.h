#pragma once

#include <QStringList>

struct Salvaged;

/// Why tasks are not kept, in words for the operator. The program goes on in memory; what could
/// not be written to an open file is tried again.
struct HistoryError {
    enum class Kind {
        NoFolder, ///< it is missing or closed to us, or the file cannot be made
        Damaged,  ///< set aside under a new name, and a fresh file begun with what could be read
        Stuck,    ///< damaged, and could not be set aside: nothing is kept
        Partly,   ///< something cannot be read; it stays in the file, the rest is not touched
        Foreign,  ///< of another program; left alone
        Newer,    ///< of a later Taskwatch; left alone
        ReadOnly, ///< can be read, but not written
        Locked,   ///< another program does not let go of it
        DiskFull,
        Failed, ///< anything else that the system or SQLite said
    };

    Kind kind = Kind::Failed;
    QString headline;
    QString nextStep;
    QString detail; ///< the system's own words; may be empty

    /// What failed may succeed later.
    [[nodiscard]] bool isPassing() const { return kind == Kind::Locked || kind == Kind::DiskFull; }

    friend bool operator==(const HistoryError &, const HistoryError &) = default;
};

/// The words for a kind. `file` is the database.
[[nodiscard]] HistoryError historyError(HistoryError::Kind kind, const QString &file,
                                        const QString &detail);
/// For a damaged one that was kept as `aside`.
[[nodiscard]] HistoryError historySetAside(const QString &aside, const QString &detail,
                                           const Salvaged &salvaged);
/// Of `leftOut` tasks nothing can be read, of those that are named (as far as they go) not all.
[[nodiscard]] HistoryError historyNotWhole(const QString &file, int leftOut,
                                           const QStringList &tasks);
