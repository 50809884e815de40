#pragma once

#include "account/serverdrafts.h"
#include "guardian/apirootprober.h"

#include <QDialog>
#include <QPointer>

class Clock;
class QLabel;
class QPushButton;
class ResultWords;
class ServerListPane;

/// All servers beside what can be set of the chosen one. What is typed for one stays while others
/// are looked at. A removal can be undone until the dialog closes.
class ServersDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServersDialog)

public:
    /// The clock must outlive it.
    ServersDialog(const NetworkSettings &network, const Clock &clock, QWidget *parent = nullptr);
    ~ServersDialog() override;

    /// As they are stored, with what is known of them now.
    void setServers(const QList<ServerRow> &servers);
    void choose(const ServerId &id);
    /// A new one, empty.
    void add();
    void reject() override;

Q_SIGNALS:
    void saved(const ServerProfile &profile, const std::optional<Secret> &proxyPassword);
    void removed(const ServerId &id); ///< when the dialog closes
    void signInWanted(const ServerId &id);
    void forgetWanted(const ServerId &id);

private:
    void build();
    [[nodiscard]] QWidget *buildServer();
    void refreshRows();
    void refreshChosen();
    void takeChoice();
    void takeEdit();
    void addDraft(const ServerProfile &profile);
    void duplicate();
    void remove();
    void undoRemoval();
    void toggleEnabled();
    void save();
    void saveAt(const QUrl &apiRoot);
    void takeRoot(const ApiRootProber::Result &root);
    void revert();
    [[nodiscard]] const ServerRow *storedShown() const;

    NetworkSettings m_network;
    const Clock &m_clock;
    ServerDrafts m_drafts;
    std::optional<ServerId> m_shown; ///< whose form it is
    QUrl m_unprobed;       ///< what "Save Anyway" takes for the API root; empty: no such offer
    bool m_warned = false; ///< closing drops what is not saved
    ServerListModel *m_model;
    ServerListPane *m_list;
    QWidget *m_server;
    QLabel *m_session;
    QPushButton *m_signIn;
    QPushButton *m_forget;
    ServerForm *m_form;
    ResultWords *m_result;
    QPushButton *m_revert;
    QPushButton *m_save;
    QPointer<ApiRootProber> m_prober;
};
