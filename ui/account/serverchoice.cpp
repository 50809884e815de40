#include "account/serverchoice.h"

#include "cli/target.h"
#include "guardian/apirootprober.h"

ServerChoice::ServerChoice(const NetworkSettings &network, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_network(network)
    , m_clock(clock)
{
}

void ServerChoice::choose(const CommandLine &line, const QList<ServerProfile> &stored,
                          int requestsPerSecond)
{
    const auto target = chooseTarget(line, stored);
    if (!target) {
        Q_EMIT refused(target.error().message, target.error().nextStep);
        return;
    }
    if (target->profile) {
        Q_EMIT chosen(*target->profile);
        return;
    }
    ServerProfile draft;
    draft.address = line.server;
    draft.allowHttp = line.allowHttp;
    draft.requestsPerSecond = requestsPerSecond;
    probe(draft, target->candidates, line, stored);
}

void ServerChoice::probe(const ServerProfile &draft, const QList<QUrl> &candidates,
                         const CommandLine &line, const QList<ServerProfile> &stored)
{
    auto *prober = new ApiRootProber(m_network, m_clock, this);
    connect(prober, &ApiRootProber::finished, this,
            [this, prober, draft, line, stored](const ApiRootProber::Result &root) {
                prober->deleteLater();
                if (!root) {
                    const PollErrorText words = describe(root.error(), AskedAgain::ByPerson);
                    Q_EMIT refused(words.headline, words.nextStep);
                    return;
                }
                const auto own = meantProfile(root->url(), line, stored);
                if (!own) {
                    Q_EMIT refused(own.error().message, own.error().nextStep);
                    return;
                }
                if (*own) {
                    Q_EMIT chosen(**own);
                    return;
                }
                ServerProfile profile = draft;
                // The same in each run, so that what was watched there is found again.
                profile.id = ServerId(QUuid::createUuidV5(QUuid(), root->url().toEncoded()));
                profile.name = root->url().host();
                profile.apiRoot = root->url();
                Q_EMIT chosen(profile);
            });
    prober->start(candidates);
}
