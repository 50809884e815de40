#pragma once

#include <QJsonObject>
#include <QString>

#include <tl/expected.hpp>

class Clock;

/// A small JSON object of ours on disk, with a version: 0600, written whole or not at all.
///
/// Nothing that we cannot read is ever overwritten: a damaged file is set aside first (or left to
/// who may write it), one of a newer program makes this read-only.
class JsonFile
{
public:
    /// What becomes of a damaged file. Who only reads leaves it: the window has to say that all
    /// begins anew, and would find nothing amiss.
    enum class Damaged { SetAside, Leave };

    /// `version` is what this program writes, >= 1. The clock must outlive this.
    JsonFile(QString path, int version, const Clock &clock, Damaged damaged = Damaged::SetAside);

    struct Content {
        QJsonObject object;
        int version = 0; ///< as stored, 0 where the file names none; ours where there is no file
    };
    /// Without a file: an empty object. The error is in words for the operator.
    [[nodiscard]] tl::expected<Content, QString> read();
    /// Sets the version and replaces the file. Refused with the same words after a read() that said
    /// that the file must be left alone.
    [[nodiscard]] tl::expected<void, QString> write(QJsonObject object);
    /// For a content that is JSON, but not what it has to be: as a damaged one. Says so in words.
    [[nodiscard]] QString setAside();

    [[nodiscard]] const QString &path() const { return m_path; }

private:
    QString m_path;
    int m_version;
    const Clock &m_clock;
    Damaged m_damaged;
    QString m_readOnly; ///< why it must not be written; empty if it may be
};
