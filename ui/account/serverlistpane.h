#pragma once

#include <QWidget>

#include <optional>

class QLabel;
class QListView;
class QPushButton;
class ServerListModel;
struct ServerRow;

/// The list of servers with what can be done with the one that is current.
class ServerListPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerListPane)

public:
    /// The model must outlive it.
    explicit ServerListPane(ServerListModel &model, QWidget *parent = nullptr);

    /// Null: none. Valid until the model's next rows.
    [[nodiscard]] const ServerRow *current() const;
    /// Nothing if there is no such row.
    void setCurrentRow(int row);
    /// Offers what can be done with the current one as it is now.
    void refreshButtons();
    /// Offers to bring that one back; absent: nothing was removed.
    void setRemoved(const std::optional<QString> &name);

Q_SIGNALS:
    void currentChanged();
    void addWanted();
    void duplicateWanted();
    void removeWanted();
    void toggleWanted(); ///< enabled or not
    void undoWanted();

private:
    ServerListModel &m_model;
    QListView *m_list;
    QPushButton *m_duplicate;
    QPushButton *m_remove;
    QPushButton *m_enable;
    QWidget *m_undoLine;
    QLabel *m_undoWords;
};
