#pragma once

#include "account/profilestore.h"
#include "account/tokenstore.h"
#include "guardian/guardianclient.h"
#include "window/shownserver.h"

#include <QHash>
#include <QObject>

#include <optional>

class Engine;

/// The servers of this run: keeps their profiles, gives each enabled one to the engine with its own
/// secrets, and has the token store keep those. What happens to one server touches no other.
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
    /// In words: what of them was not understood, and took its default.
    [[nodiscard]] const QStringList &warnings() const { return m_file.warnings(); }
    /// Connects all that were loaded and reads their secrets.
    void open(const NetworkSettings &network);
    /// Other timeouts from now on.
    void setNetwork(const NetworkSettings &network);

    /// In the person's order, disabled ones too.
    [[nodiscard]] const QList<ServerProfile> &profiles() const { return m_profiles; }
    /// Null if there is none of that id.
    [[nodiscard]] const ServerProfile *find(const ServerId &id) const;
    [[nodiscard]] ShownServers shown() const;
    [[nodiscard]] Credentials credentials(const ServerId &id) const
    {
        return m_credentials.value(id);
    }

    /// Whether the keychain was asked and has not answered: nobody knows then whether to sign in.
    [[nodiscard]] bool isTokenAwaited(const ServerId &id) const
    {
        return m_awaited.contains(id) && !m_credentials.contains(id);
    }

    /// Whether it can be asked as it is set up; else notUsable() said why not.
    [[nodiscard]] bool isUsable(const ServerId &id) const { return !m_notUsable.contains(id); }

    /// Whose token the keychain did not give, and why.
    [[nodiscard]] const QHash<ServerId, TokenStoreError> &notRead() const { return m_notRead; }
    /// Asks for it again; once it was given, for those of the others that were not: one unlocking
    /// is for all.
    void readTokenAgain(const ServerId &id);
    /// Whose token the keychain was to delete and did not, and why. It is used at the next start
    /// then, at its own origin, if the server is still known.
    [[nodiscard]] const QHash<ServerId, TokenStoreError> &notRemoved() const
    {
        return m_notRemoved;
    }
    void removeTokensAgain();
    /// What the keychain may not have taken.
    void storeTokensAgain();

    /// Connects a server for this run only, unless it is stored.
    void use(const ServerProfile &profile);
    /// Adds or changes a server and stores it. Where it moves to another origin, its tokens are
    /// deleted: they were given for the one before.
    void save(const ServerProfile &profile);
    /// The same, with a new password for its proxy, if there is one.
    void saveWithProxyPassword(const ServerProfile &profile, const std::optional<Secret> &password);
    /// With its secrets.
    void remove(const ServerId &id);
    /// For this run only; the stored ones stay as they are. Without a password for a proxy that
    /// needs one, the stored one is used.
    void setCredentialsForThisRun(const ServerId &id, const Credentials &credentials);
    /// And stores them, and `account` beside the profile.
    void signIn(const ServerId &id, const Credentials &credentials, const QString &account);
    /// Deletes what is stored and signs out.
    void forget(const ServerId &id);

Q_SIGNALS:
    /// profiles() differ.
    void changed();
    void removed(const ServerId &id);
    /// In words: the list could not be written.
    void notSaved(const QString &why);
    /// In words: this server is not asked as it is set up. An empty one ends that.
    void notUsable(const ServerId &id, const QString &why);
    void tokenNotRead(const ServerId &id, const TokenStoreError &why);
    /// Secrets of that server are known, maybe none: notRead() holds it no more.
    void credentialsKnown(const ServerId &id);
    /// There is none, as is known by now: nothing was stored, or it was forgotten.
    void withoutToken(const ServerId &id);
    /// Secrets were handed to the store, which kept them one way or another, or notRemoved()
    /// differs.
    void storageChanged();

private:
    void put(const ServerProfile &profile);
    void connectServer(const ServerProfile &profile);
    enum class Then { Nothing, Others };
    void readToken(const ServerId &id, Then then = Then::Nothing);
    void endReading(const ServerId &id, const tl::expected<Credentials, TokenStoreError> &stored);
    /// Whether the store keeps no others: all that it may have were read, written or deleted.
    [[nodiscard]] bool isAsStored(const ServerId &id) const
    {
        return m_credentials.contains(id) && !m_ofThisRun.contains(id);
    }
    void setCredentials(const ServerId &id, const Credentials &credentials);
    void useCredentials(const ServerId &id, const Credentials &credentials);
    void write(const ServerId &id, const Credentials &credentials);
    void erase(const ServerId &id, bool mayBeKept);
    void takeLateRead(const ServerId &id, const TokenStore::Answer<Credentials> &stored);
    void takeRemoved(const ServerId &id, const std::optional<TokenStoreError> &error);
    void storeProxyPassword(const ServerId &id, const Secret &password);
    void store(const ServerId &id, const Credentials &credentials);
    /// Uses what of it may go to where the server is now.
    void takeStored(const ServerId &id, const Credentials &stored);
    void tellEngine(const ServerId &id);
    void writeProfiles();
    /// Runs `what` with the engine, in its thread.
    template<typename What>
    void ask(What what);

    Engine &m_engine;
    TokenStore &m_store;
    ProfileStore m_file;
    NetworkSettings m_network;
    QList<ServerProfile> m_profiles;
    QList<ServerId> m_unsaved; ///< those of this run only
    QSet<ServerId> m_notUsable;
    QSet<ServerId> m_awaited; ///< whose token is being read
    QHash<ServerId, TokenStoreError> m_notRead;
    QHash<ServerId, TokenStoreError> m_notRemoved;
    QHash<ServerId, Credentials> m_credentials; ///< without those that were not read yet
    QSet<ServerId> m_ofThisRun;                 ///< whose credentials are not the stored ones
    QHash<ServerId, Secret> m_newPasswords;     ///< of proxies, to go beside what is being read
};
