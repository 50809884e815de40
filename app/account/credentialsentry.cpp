#include "account/credentialsentry.h"

#include "guardian/apiroot.h"
#include "guardian/tokenclaims.h"

#include <array>

namespace {

// No token is like this line: it has a space in it.
constexpr QByteArrayView head("taskwatch secrets\n");

struct Field {
    QByteArrayView name;
    Secret Credentials::*secret;
};
constexpr std::array fields{Field{"refresh-token ", &Credentials::refreshToken},
                            Field{"access-token ", &Credentials::accessToken},
                            Field{"proxy-password ", &Credentials::proxyPassword}};

constexpr std::array tokens{&Credentials::refreshToken, &Credentials::accessToken};

/// In front of a token, with a space, which no token begins with.
QByteArray originOf(const ApiRoot &root)
{
    return root.origin() + ' ';
}

/// How many bytes of it are the origin.
qsizetype originSize(const QByteArray &kept)
{
    const bool isBound = kept.startsWith("https://") || kept.startsWith("http://");
    return isBound ? kept.indexOf(' ') + 1 : 0;
}

} // namespace

Credentials CredentialsEntry::bound(const Credentials &credentials, const ApiRoot &root)
{
    Credentials kept = credentials;
    const QByteArray origin = originOf(root);
    for (const auto token : tokens) {
        const QByteArray &bytes = (credentials.*token).reveal();
        if (bytes.isEmpty())
            continue;
        QByteArray together;
        together.reserve(origin.size() + bytes.size());
        kept.*token = Secret(std::move(together.append(origin).append(bytes)));
    }
    return kept;
}

Credentials CredentialsEntry::released(const Credentials &kept, const ApiRoot &root)
{
    Credentials credentials = kept;
    const QByteArray origin = originOf(root);
    for (const auto token : tokens) {
        const QByteArray &bytes = (kept.*token).reveal();
        const qsizetype size = originSize(bytes);
        if (size == 0)
            continue;
        if (!bytes.startsWith(origin))
            return {};
        credentials.*token = Secret(bytes.sliced(size));
    }
    return credentials;
}

Secret CredentialsEntry::write(const Credentials &credentials)
{
    QByteArray entry = head.toByteArray();
    // At once: bytes that move to a larger place leave a copy behind that nobody overwrites.
    qsizetype size = entry.size();
    for (const Field &field : fields)
        size += field.name.size() + 2 * (credentials.*field.secret).reveal().size() + 8;
    entry.reserve(size);
    for (const Field &field : fields) {
        const Secret &secret = credentials.*field.secret;
        if (!secret.isEmpty())
            entry.append(field.name).append(Secret(secret.reveal().toBase64()).reveal()) += '\n';
    }
    return Secret(std::move(entry));
}

Credentials CredentialsEntry::read(const Secret &entry)
{
    const QByteArrayView bytes(entry.reveal());
    if (!bytes.startsWith(head))
        return credentialsOf(entry);
    Credentials credentials;
    for (qsizetype begin = head.size(); begin < bytes.size();) {
        const qsizetype feed = entry.reveal().indexOf('\n', begin);
        const qsizetype end = feed < 0 ? bytes.size() : feed;
        const QByteArrayView line = bytes.sliced(begin, end - begin);
        for (const Field &field : fields) {
            if (!line.startsWith(field.name))
                continue;
            const Secret packed(line.sliced(field.name.size()).toByteArray());
            credentials.*field.secret = Secret(QByteArray::fromBase64(packed.reveal()));
        }
        begin = end + 1;
    }
    return credentials;
}
