#pragma once

#include "base/taskid.h"

#include <QList>
#include <QUrl>

#include <tl/expected.hpp>

/// Where a server's API begins, such as `https://HOST/api/v1`: a value, equal when the address is.
class ApiRoot
{
public:
    ApiRoot() = default;
    /// Drops query, fragment, user info and slashes at the end.
    explicit ApiRoot(const QUrl &url);

    [[nodiscard]] bool isNull() const { return m_url.isEmpty(); }
    /// Without a slash at the end.
    [[nodiscard]] const QUrl &url() const { return m_url; }
    /// `path` below the root: segments already percent-encoded, without a slash in front.
    [[nodiscard]] QUrl resolve(const QString &path) const;
    /// The web UI's own page of a task: `https://HOST/task/ID`.
    [[nodiscard]] QUrl webTaskPage(const TaskId &id) const;
    /// The web UI's live channel: `wss://HOST/ws/`.
    [[nodiscard]] QUrl pushUrl() const;
    /// `https://HOST:PORT`, with the port in any case: where a token may be sent.
    [[nodiscard]] QByteArray origin() const;
    /// A token given for one of them may go to the other.
    [[nodiscard]] bool hasOriginOf(const ApiRoot &other) const;

    friend bool operator==(const ApiRoot &, const ApiRoot &) = default;

private:
    [[nodiscard]] QByteArray site() const;

    QUrl m_url;
};

/// The path of a task below an API root, percent-encoded: `tasks/ID`.
[[nodiscard]] QString taskPath(const TaskId &id);

/// Where the API may be that a person means by what was typed, in the order of asking. Takes a
/// host, a site's address, an API root, the web UI's page of a task or any other; `https` unless
/// `http` was typed. Else the error in words.
[[nodiscard]] tl::expected<QList<QUrl>, QString> apiRootCandidates(const QString &typed);

/// Whether an address never leaves this machine: `localhost`, 127.0.0.0/8, ::1.
[[nodiscard]] bool isLoopback(const QUrl &url);
