#pragma once

#include "task/polllog.h"

#include <QAbstractTableModel>
#include <QList>

/// A task's last polls, the newest first.
class PollLogModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PollLogModel)

public:
    enum Column { TimeColumn, StatusColumn, DurationColumn, OutcomeColumn, ColumnCount };

    explicit PollLogModel(QObject *parent = nullptr);

    /// Oldest first, as PollLog keeps them. New polls come as rows at the top, old ones go at the
    /// bottom; the others stay.
    void setEntries(const QList<PollLogEntry> &entries);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    QList<PollLogEntry> m_entries; ///< newest first
};
