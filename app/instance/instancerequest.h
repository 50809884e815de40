#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

/// What a start of the program asks of the one that has its window open already. Never holds a
/// token: what looks like one is refused by the command line before.
struct InstanceRequest {
    enum class Kind : quint8 {
        Show,   ///< nothing but the window
        Track,  ///< `text`: IDs, addresses, JSON, … to watch; said by the operator
        Link,   ///< `text`: a taskwatch: address; said by whoever made it
        Action, ///< `text`: one of instanceActions()
        Import, ///< `text`: the file's absolute path
    };

    Kind kind = Kind::Show;
    QString text;
    QString server;          ///< address or profile's name; empty: the current one
    QString activationToken; ///< the desktop's consent to raise the window; may be empty
    bool raise = true;       ///< brings the window to the front

    friend bool operator==(const InstanceRequest &, const InstanceRequest &) = default;
};

struct InstanceReply {
    bool accepted = false;
    QString words; ///< for the terminal: what was done, or why not; may be empty

    friend bool operator==(const InstanceReply &, const InstanceReply &) = default;
};

/// What --action can name, as the desktop file does: "look-up-clipboard", "next-problem".
[[nodiscard]] QStringList instanceActions();

/// The content of a frame (see instanceframe.h): CBOR with the protocol's version in it.
[[nodiscard]] QByteArray encode(const InstanceRequest &request);
[[nodiscard]] QByteArray encode(const InstanceReply &reply);
/// The error is in words for the operator who started the program once more.
[[nodiscard]] tl::expected<InstanceRequest, QString> decodeRequest(const QByteArray &bytes);
/// Replies of every version are understood: they say why another version was refused.
[[nodiscard]] tl::expected<InstanceReply, QString> decodeReply(const QByteArray &bytes);

/// A request to raise the window, with what the desktop put into our environment
/// (XDG_ACTIVATION_TOKEN, DESKTOP_STARTUP_ID).
[[nodiscard]] InstanceRequest showRequest();
