#pragma once

#include <QString>

/// Why tasks are not kept, in words for the operator. The program goes on in memory.
struct HistoryError {
    enum class Kind {
        NoFolder, ///< it is missing or closed to us, or the file cannot be made
        Damaged,  ///< set aside under a new name, and a fresh file begun: only what it held is
                  ///< missing
        Partly,   ///< some tasks cannot be read; they stay in the file, the others are not touched
        Foreign,  ///< of another program; left alone
        Newer,    ///< of a later Taskwatch; left alone
        ReadOnly, ///< can be read, but not written
        Locked,   ///< another program does not let go of it; tried again
        DiskFull, ///< tried again
        Failed,   ///< anything else that the system or SQLite said; tried again
    };

    Kind kind = Kind::Failed;
    QString headline;
    QString nextStep;
    QString detail; ///< the system's own words; may be empty

    friend bool operator==(const HistoryError &, const HistoryError &) = default;
};

/// The words for a kind. `file` is the database; `setAside`: where a damaged one was kept.
[[nodiscard]] HistoryError historyError(HistoryError::Kind kind, const QString &file,
                                        const QString &detail, const QString &setAside = {});
