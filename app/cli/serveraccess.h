#pragma once

#include "cli/commandline.h"
#include "cli/target.h"
#include "guardian/apiroot.h"
#include "guardian/engine.h"

#include <QObject>

class QIODevice;
class TokenStore;

/// The way of a command to the server that it asks: which one is meant, where its API is, whose
/// token it gets. Ends with the server set up in the engine, or with the reason why not.
class ServerAccess final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerAccess)

public:
    /// What a command works with. All must outlive it.
    struct Means {
        QList<ServerProfile> profiles;
        TokenStore &tokens;
        const Clock &clock;
        Engine &engine;
        QIODevice &err; ///< for words, open for writing
    };
    ServerAccess(const CommandLine &line, const Means &means, QObject *parent = nullptr);
    ~ServerAccess() override;

    /// First. Which server is meant, and which tasks of it.
    [[nodiscard]] tl::expected<QList<TaskId>, UsageError> choose();
    /// Then. May be called again after failed().
    void start();

    /// What is printed as the server: known at the latest after probing.
    [[nodiscard]] const QUrl &shownRoot() const { return m_shownRoot; }
    /// Valid with ready(); null before.
    [[nodiscard]] const ServerId &server() const { return m_server; }

    /// A line on stderr.
    void say(const QString &headline, const QString &nextStep);

Q_SIGNALS:
    /// The engine can be asked.
    void ready();
    /// It cannot. `isTold`: the person was told why, and what to do.
    void failed(const PollError &trouble, bool isTold);

private:
    void probe();
    void takeProbed(const ApiRoot &root);
    void takeRoot(const ApiRoot &root, const std::optional<ServerProfile> &profile);
    [[nodiscard]] ServerProfile profileToAsk() const;
    void readSecrets();
    void failWithoutToken();
    void enterAsGiven();
    void enter(const Credentials &credentials);

    CommandLine m_line;
    Means m_means;
    Target m_target;
    QUrl m_shownRoot;
    ApiRoot m_root;
    std::optional<ServerProfile> m_profile; ///< the one whose own server is asked
    ServerId m_server;
    std::optional<ServerConfig> m_config;
    QString m_unusable; ///< as it was said last
};
