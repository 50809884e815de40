#pragma once

#include "account/profilestore.h"
#include "account/tokenstore.h"
#include "guardian/guardianclient.h"
#include "window/shownserver.h"

#include <QHash>
#include <QObject>

class Engine;

/// The servers of this run: keeps their profiles, gives each enabled one to the engine with its own
/// token, and has the token store keep the tokens. What happens to one server touches no other.
class ServerDesk final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerDesk)

public:
    /// All must outlive it. The engine may live in another thread.
    ServerDesk(Engine &engine, TokenStore &tokens, const QString &configFolder, const Clock &clock,
               QObject *parent = nullptr);

    /// Reads the stored profiles; the error in words if they cannot be read. Connects nothing yet.
    [[nodiscard]] tl::expected<void, QString> load();
    /// Connects all that were loaded and reads their tokens.
    void open(const NetworkSettings &network);

    /// In the person's order, disabled ones too.
    [[nodiscard]] const QList<ServerProfile> &profiles() const { return m_profiles; }
    /// Null if there is none of that id.
    [[nodiscard]] const ServerProfile *find(const ServerId &id) const;
    [[nodiscard]] ShownServers shown() const;
    /// What polls go out with; empty: none.
    [[nodiscard]] Secret token(const ServerId &id) const;
    /// All that is known for this run.
    [[nodiscard]] Credentials credentials(const ServerId &id) const
    {
        return m_credentials.value(id);
    }

    /// Connects a server for this run only, unless it is stored.
    void use(const ServerProfile &profile);
    /// Adds or changes a server and stores it.
    void save(const ServerProfile &profile);
    /// For this run only; what is stored stays as it is.
    void setCredentialsForThisRun(const ServerId &id, const Credentials &credentials);
    /// And stores them.
    void setCredentials(const ServerId &id, const Credentials &credentials);

Q_SIGNALS:
    /// profiles() differ.
    void changed();
    /// In words: the list could not be written.
    void notSaved(const QString &why);
    /// In words: why a server cannot be asked as it is set up.
    void notUsable(const ServerId &id, const QString &why);
    void tokenNotRead(const ServerId &id, const TokenStoreError &why);
    /// A token was handed to the store, which kept it one way or another.
    void tokenStored();

private:
    void put(const ServerProfile &profile);
    void connectServer(const ServerProfile &profile);
    void readToken(const ServerId &id);

    Engine &m_engine;
    TokenStore &m_store;
    ProfileStore m_file;
    NetworkSettings m_network;
    QList<ServerProfile> m_profiles;
    QList<ServerId> m_unsaved; ///< those of this run only
    QHash<ServerId, Credentials> m_credentials;
};
