#pragma once

#include "account/serverprofile.h"
#include "base/taskid.h"
#include "cli/commandline.h"

#include <QList>
#include <QUrl>

#include <optional>

/// Which server a command asks. Either a stored one, or addresses to be probed.
struct Target {
    std::optional<ServerProfile> profile; ///< set: its API root is asked, nothing is probed
    QString typed;                        ///< to be probed
    QList<QUrl> candidates;               ///< what `typed` may mean; plain http only with consent
};

/// Pure. Without --server the stored profile; else the profile of that name or address, else what
/// was typed. Plain http beyond this machine needs --allow-http, or the profile's own consent.
[[nodiscard]] tl::expected<Target, UsageError> chooseTarget(const CommandLine &line,
                                                            const QList<ServerProfile> &profiles);

/// The profile whose own server is at `apiRoot`, which alone gets its stored token: of several
/// there, with an account each, the one that --server names, else the one of --user. Pure. None if
/// there is none there yet; where it is not clear, an error that names them.
[[nodiscard]] tl::expected<std::optional<ServerProfile>, UsageError>
meantProfile(const QUrl &apiRoot, const CommandLine &line, const QList<ServerProfile> &profiles);

/// The tasks that arguments name, each once. Pure. An argument in which nothing well-known is found
/// is an ID as it is; an address of a task on a server other than `site` is an error.
[[nodiscard]] tl::expected<QList<TaskId>, UsageError> tasksOf(const QStringList &arguments,
                                                              const QUrl &site);
