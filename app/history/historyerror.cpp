#include "history/historyerror.h"

#include "history/historysalvage.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace {
struct Words {
    Q_DECLARE_TR_FUNCTIONS(HistoryError)
};
} // namespace

HistoryError historyError(HistoryError::Kind kind, const QString &file, const QString &detail)
{
    const QString name = QDir::toNativeSeparators(file);
    const QString folder = QDir::toNativeSeparators(QFileInfo(file).path());
    switch (kind) {
    case HistoryError::Kind::NoFolder:
        return {kind, Words::tr("Tasks are not kept: the folder %1 cannot be used.").arg(folder),
                Words::tr("Make the folder, or let your account write in it; then start again."),
                detail};
    case HistoryError::Kind::Damaged: // until it is set aside, see historySetAside()
        return {kind, Words::tr("The history is damaged."),
                Words::tr("Start Taskwatch: it reads what can be read."), detail};
    case HistoryError::Kind::Stuck:
        return {kind, Words::tr("Tasks are not kept: the history is damaged."),
                Words::tr("The old file could not be renamed: move %1 away, then start again.")
                    .arg(name),
                detail};
    case HistoryError::Kind::Partly:
        return {kind, Words::tr("Some kept tasks cannot be read."),
                Words::tr("They stay in %1; the others are not touched.").arg(name), detail};
    case HistoryError::Kind::Foreign:
        return {kind, Words::tr("Tasks are not kept: %1 belongs to another program.").arg(name),
                Words::tr("Move that file away, or use another data folder; then start again."),
                detail};
    case HistoryError::Kind::Newer:
        return {kind,
                Words::tr("Tasks are not kept: %1 was written by a newer Taskwatch.").arg(name),
                Words::tr("Use that version, or another data folder."), detail};
    case HistoryError::Kind::ReadOnly:
        return {kind, Words::tr("New states are not kept: %1 cannot be written.").arg(name),
                Words::tr("Let your account write the file and its folder; then start again."),
                detail};
    case HistoryError::Kind::Locked:
        return {kind, Words::tr("Tasks are not kept for now: another program uses %1.").arg(name),
                Words::tr("Close the other program. If this stays, start Taskwatch again."),
                detail};
    case HistoryError::Kind::DiskFull:
        return {kind, Words::tr("Tasks are not kept for now: the disk is full."),
                Words::tr("Make room in %1. If this stays, start Taskwatch again.").arg(folder),
                detail};
    case HistoryError::Kind::Failed:
        return {kind, Words::tr("Tasks are not kept for now: %1 cannot be used.").arg(name),
                Words::tr("Look at the disk. If this stays, start Taskwatch again."), detail};
    }
    Q_UNREACHABLE();
}

HistoryError historySetAside(const QString &aside, const QString &detail, const Salvaged &salvaged)
{
    QStringList words{
        Words::tr("The old file was kept as %1.").arg(QDir::toNativeSeparators(aside)),
        Words::tr("%n task(s) were read from it.", nullptr, salvaged.tasks)};
    if (salvaged.bare > 0)
        words.append(Words::tr("%n of them with label and state only.", nullptr, salvaged.bare));
    if (salvaged.odd > 0)
        words.append(Words::tr("%n of them not whole.", nullptr, salvaged.odd));
    if (!salvaged.whole)
        words.append(Words::tr("Others could not be read."));
    return {HistoryError::Kind::Damaged, Words::tr("The history was damaged; a new one is begun."),
            words.join(u' '), detail};
}

HistoryError historyNotWhole(const QString &file, int leftOut, const QStringList &tasks)
{
    constexpr qsizetype mostNamed = 3;
    const int odd = int(tasks.size());
    const int all = leftOut + odd;
    const QString named = tasks.mid(0, mostNamed).join(QStringLiteral(", "));
    QStringList words;
    if (leftOut > 0)
        words.append(Words::tr("%n of them cannot be shown at all.", nullptr, leftOut));
    if (odd > mostNamed)
        words.append(Words::tr("Shown as far as they can be read: %1 and %n more.", nullptr,
                               odd - int(mostNamed))
                         .arg(named));
    else if (odd > 0)
        words.append(Words::tr("Shown as far as can be read: %1.").arg(named));
    words.append(Words::tr("What cannot be read stays in %1; the others are not touched.")
                     .arg(QDir::toNativeSeparators(file)));
    return {HistoryError::Kind::Partly,
            all == 1 ? Words::tr("A kept task cannot be read whole.")
                     : Words::tr("%n kept tasks cannot be read whole.", nullptr, all),
            words.join(QLatin1Char(' ')),
            {}};
}
