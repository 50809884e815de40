#pragma once

#include "task/secretrules.h"

#include <QByteArray>
#include <QJsonValue>
#include <QString>

/// Which parts of a reply are secrets: what "Create random key" returns (all but its `id`); what
/// members named privateKey, seed, mnemonic, password or secret hold, in any depth and spelling of
/// case; and a `key` or `token` only where its value looks like one, because in Guardian a token is
/// also an asset. The operator may have set another rule for an action.

/// Whether a task's result holds a secret that is there (not empty, null or a flag).
[[nodiscard]] bool holdsSecret(const QString &action, const QJsonValue &result,
                               SecretRule rule = SecretRule::ByName);

/// A reply's JSON text with the strings and numbers of secrets replaced by the mask, and every
/// other byte as it was. The result of "Create random key" is recognised as the top-level member
/// `result`. Text that is no JSON is masked as far as it can be understood.
[[nodiscard]] QByteArray maskSecrets(const QByteArray &rawReplyJson, const QString &action);
/// The same by the operator's rule.
[[nodiscard]] QByteArray maskSecretsBy(SecretRule rule, const QByteArray &rawReplyJson,
                                       const QString &action);
/// The same of what could not be read, so that nobody knows whose it is or what is in it, be it
/// JSON, HTML or a head of either: besides by name, whatever is shaped like a secret is masked, and
/// every text and number of a `result`. Rather too much than too little: for keeping.
[[nodiscard]] QByteArray maskUnread(const QByteArray &reply);
