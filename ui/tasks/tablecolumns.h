#pragma once

#include "tasks/tablelayout.h"

#include <QHash>
#include <QObject>

class QMenu;
class QTableView;

/// The columns of a table of tasks: which show, in which order, how wide, and what sorts.
class TableColumns final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TableColumns)

public:
    /// Belongs to the view.
    explicit TableColumns(QTableView &view);

    [[nodiscard]] TableLayout layout() const;
    void apply(const TableLayout &layout);
    /// In the view's font.
    [[nodiscard]] TableLayout shipped() const;

    /// An action per column, and "Reset columns".
    void fillMenu(QMenu &menu);

Q_SIGNALS:
    void shownChanged();

private:
    void setShown(TaskColumn column, bool shown);

    QTableView &m_view;
    QHash<int, int> m_hiddenWidths; ///< px by section, for when it is shown again
};
