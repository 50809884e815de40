#include "account/credentialsentry.h"

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

} // namespace

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
