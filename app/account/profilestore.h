#pragma once

#include "account/jsonfile.h"
#include "account/serverprofile.h"

#include <QList>
#include <QStringList>

/// The server profiles in `servers.json`. Never holds a secret: user info, queries and fragments of
/// addresses are dropped on the way in.
class ProfileStore
{
public:
    /// The clock must outlive this.
    ProfileStore(const QString &configFolder, const Clock &clock,
                 JsonFile::Damaged damaged = JsonFile::Damaged::SetAside);

    /// Without a file: an empty list. A damaged file is set aside or left, one of a newer program
    /// left alone; the error says so in words for the operator.
    [[nodiscard]] tl::expected<QList<ServerProfile>, QString> load();
    /// In words for the operator: what the last load() did not understand, and took as its default.
    [[nodiscard]] const QStringList &warnings() const { return m_warnings; }
    /// Replaces all, atomically. Refused after a load() that left the file alone.
    [[nodiscard]] tl::expected<void, QString> save(const QList<ServerProfile> &profiles);

private:
    JsonFile m_file;
    QStringList m_warnings;
};
