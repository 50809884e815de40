#pragma once

#include "guardian/connectionstatus.h"
#include "tasks/taskcolumn.h"
#include "window/shownserver.h"

#include <QTreeWidget>

#include <array>
#include <optional>

/// The views with their counts, and the servers with their connection. Knows no store.
class SideList final : public QTreeWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SideList)

public:
    explicit SideList(QWidget *parent = nullptr);

    void setCount(TaskView view, qsizetype count);
    /// The operator's own views; the choice stays, where it is still there.
    void setFilters(const QStringList &names);
    void setFilterCount(int number, qsizetype count);
    void setServerCount(const ServerId &server, qsizetype count);
    /// The choice stays, where it is still there.
    void setServers(const ShownServers &servers);
    /// `now`: a time of the same local day is said without its date.
    void setConnection(const ServerId &server, const ConnectionStatus &status,
                       const QDateTime &now);
    /// As if it were clicked.
    void chooseView(TaskView view);
    void chooseServer(const ServerId &server);
    /// Absent: a view of all servers is chosen.
    [[nodiscard]] std::optional<ServerId> chosenServer() const;

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    /// `server` absent: all servers.
    void viewChosen(TaskView view, const std::optional<ServerId> &server);
    void filterChosen(int number);
    void filterRenamed(int number, const QString &name);
    void filterRemoveWanted(int number);
    // From a server's menu.
    void signInWanted(const ServerId &server);
    void editWanted(const ServerId &server);

protected:
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    /// None: the indentation is a margin, and nothing folds.
    void drawBranches(QPainter *, const QRect &, const QModelIndex &) const override {}

private:
    QTreeWidgetItem *addView(TaskView view, const QString &name);
    void addHead(QTreeWidgetItem *head);
    void addFilterActions();
    void say(QTreeWidgetItem *item, qsizetype count);
    [[nodiscard]] int firstServer() const { return indexOfTopLevelItem(m_serversHead) + 1; }
    /// -1: no filter.
    [[nodiscard]] int filterOf(QTreeWidgetItem *item) const;
    void addServer(const ShownServer &server);
    void refreshServer(QTreeWidgetItem *item);
    void colourQuietTexts();
    void announceChoice();
    [[nodiscard]] QTreeWidgetItem *itemOf(const ServerId &server) const;

    std::array<QTreeWidgetItem *, taskViewCount> m_views;
    QTreeWidgetItem *m_filtersHead;
    QTreeWidgetItem *m_serversHead;
    QStringList m_filters;
    ShownServers m_servers;
    QHash<ServerId, ConnectionStatus> m_connections;
    QDateTime m_saidAt;            ///< of the last of them
    QMenu *m_filterMenu = nullptr; ///< of a saved filter
};
