#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

/// Looks for secrets in what was written, said or shown: as they are, and in the forms that text
/// takes on its way (base64 at any offset, hexadecimal, percent-encoded, UTF-16).
class LeakSearch
{
public:
    /// Of a long one a piece is enough to find. `name` stands for it in words.
    void add(const QString &name, const QByteArray &secret);
    /// What is found there, in words without the secret; empty: nothing.
    [[nodiscard]] QString in(const QByteArray &where, const QString &called) const;
    /// In every file below that folder, and in their names.
    [[nodiscard]] QString inFolder(const QString &folder) const;
    [[nodiscard]] qsizetype size() const { return m_needles.size(); }

private:
    struct Needle {
        QString name; ///< with its form
        QByteArray bytes;
    };
    QList<Needle> m_needles;
};
