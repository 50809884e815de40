#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QList>
#include <QString>

#include <vector>

/// Looks for secrets in what was written, said or shown: for every piece of them, as it is and in
/// the forms that text takes on its way (UTF-16, hexadecimal, base64 at any offset,
/// percent-encoded, escaped for JSON or for markup).
class LeakSearch
{
public:
    /// A piece of so many bytes is found, wherever in the secret it is.
    static constexpr qsizetype piece = 12;

    LeakSearch();

    /// Of at least a piece. `name` stands for it in words.
    void add(const QString &name, const QByteArray &secret);
    /// What is found there, in words without the secret; empty: nothing.
    [[nodiscard]] QString in(const QByteArray &where, const QString &called) const;
    /// In every file below that folder, and in their names.
    [[nodiscard]] QString inFolder(const QString &folder) const;
    /// How many different pieces and forms of them are looked for.
    [[nodiscard]] qsizetype size() const { return m_needles.size(); }

private:
    /// All of a secret in one form. A piece of it in that form has at least `length` bytes.
    void addForm(const QString &name, const QByteArray &text, qsizetype length);

    QHash<QByteArrayView, qsizetype> m_needles; ///< into m_texts; -> number of the name
    QList<QByteArray> m_texts;
    QList<QString> m_names;
    QList<qsizetype> m_lengths;     ///< that needles have
    std::vector<bool> m_beginnings; ///< whether a needle may begin so, by a hash of its first bytes
};
