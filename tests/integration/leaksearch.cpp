#include "leaksearch.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;

namespace {

constexpr int hashBits = 22; // few of some 100,000 needles share a place
constexpr qsizetype hashedBytes = 8;

size_t placeOf(const char *bytes)
{
    quint64 value = 0;
    std::memcpy(&value, bytes, hashedBytes);
    return size_t((value * 0x9E3779B97F4A7C15U) >> (64 - hashBits));
}

QByteArray utf16Of(const QByteArray &secret)
{
    const QString text = QString::fromUtf8(secret);
    return {reinterpret_cast<const char *>(text.utf16()),
            text.size() * qsizetype(sizeof(char16_t))};
}

/// In UTF-16, of any piece.
qsizetype fewestLetters(const QByteArray &secret)
{
    qsizetype fewest = LeakSearch::piece;
    for (qsizetype begin = 0; begin + LeakSearch::piece <= secret.size(); ++begin) {
        const auto end = secret.cbegin() + begin + LeakSearch::piece;
        fewest = std::min(fewest, qsizetype(std::count_if(secret.cbegin() + begin, end, [](char c) {
                              return (uchar(c) & 0xC0U) != 0x80U; // begins a letter
                          })));
    }
    return fewest;
}

QByteArray jsonOf(const QByteArray &secret)
{
    const QByteArray json =
        QJsonDocument(QJsonArray{QString::fromUtf8(secret)}).toJson(QJsonDocument::Compact);
    return json.sliced(2, json.size() - 4); // without ["…"]
}

/// As programs do that want pure ASCII.
QByteArray asciiJsonOf(const QByteArray &secret)
{
    QByteArray json;
    const QString text = QString::fromUtf8(jsonOf(secret));
    for (const QChar c : text) {
        if (c.unicode() < 0x80)
            json += char(c.unicode());
        else
            json += "\\u" + QByteArray::number(c.unicode(), 16).rightJustified(4, '0');
    }
    return json.replace('/', "\\/");
}

/// Every byte, the harmless ones too.
QByteArray wholePercentOf(const QByteArray &secret)
{
    return '%' + secret.toHex('%').toUpper();
}

/// Without the letters at the ends that other bytes have a part in.
QByteArray base64Of(const QByteArray &secret, qsizetype before, QByteArray::Base64Options options)
{
    const qsizetype whole = (before + secret.size()) / 3 * 4;
    const qsizetype rest = (before + secret.size()) % 3; // bytes of the last, partly known group
    const QByteArray packed = QByteArray(QByteArray(before, '\0') + secret).toBase64(options);
    const qsizetype begin = before == 0 ? 0 : before + 1;
    return packed.sliced(begin, whole + rest - begin);
}

} // namespace

LeakSearch::LeakSearch()
    : m_beginnings(size_t(1) << hashBits)
{
}

void LeakSearch::add(const QString &name, const QByteArray &secret)
{
    Q_ASSERT(secret.size() >= piece);
    addForm(name, secret, piece);
    addForm(name + u" in UTF-16"_s, utf16Of(secret), 2 * fewestLetters(secret));
    for (const QByteArray &hex : {secret.toHex(), secret.toHex().toUpper()})
        addForm(name + u" in hexadecimal"_s, hex, 2 * piece);
    addForm(name + u" in spaced hexadecimal"_s, secret.toHex(' '), 3 * piece - 1);
    for (const QByteArray &percent :
         {secret.toPercentEncoding(), secret.toPercentEncoding("!$&'()*+,;=:@/?")})
        addForm(name + u" percent-encoded"_s, percent, piece);
    addForm(name + u" percent-encoded"_s, wholePercentOf(secret), 3 * piece);
    addForm(name + u" escaped for JSON"_s, jsonOf(secret), piece);
    addForm(name + u" escaped for JSON"_s, asciiJsonOf(secret), piece);
    addForm(name + u" escaped for markup"_s, QString::fromUtf8(secret).toHtmlEscaped().toUtf8(),
            piece);
    for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
        for (qsizetype before = 0; before < 3; ++before) {
            // 96 bits of 6 each, and at the ends not a whole one
            addForm(name + u" in base64"_s, base64Of(secret, before, alphabet), piece * 8 / 6 - 1);
        }
    }
}

void LeakSearch::addForm(const QString &name, const QByteArray &text, qsizetype length)
{
    // Letters of more than one byte are fewer in other forms.
    const qsizetype size = std::min(length, text.size());
    m_texts += text;
    m_names += name;
    if (!m_lengths.contains(size))
        m_lengths += size;
    const QByteArrayView bytes(m_texts.constLast()); // shared, and never changed
    for (qsizetype begin = 0; begin + size <= bytes.size(); ++begin) {
        const QByteArrayView needle = bytes.sliced(begin, size);
        if (m_needles.contains(needle))
            continue;
        m_needles.insert(needle, m_names.size() - 1);
        m_beginnings[placeOf(needle.data())] = true;
    }
}

QString LeakSearch::in(const QByteArray &where, const QString &called) const
{
    QStringList found;
    const QByteArrayView all(where);
    for (qsizetype begin = 0; begin + hashedBytes <= all.size(); ++begin) {
        if (!m_beginnings[placeOf(all.data() + begin)])
            continue;
        for (const qsizetype length : m_lengths) {
            if (begin + length > all.size())
                continue;
            const auto needle = m_needles.constFind(all.sliced(begin, length));
            if (needle != m_needles.cend())
                found += m_names.at(*needle) + u": "_s + called;
        }
    }
    found.removeDuplicates();
    return found.join(u'\n');
}

QString LeakSearch::inFolder(const QString &folder) const
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        const QByteArray content = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        if (const QString leak = in(file.fileName().toUtf8() + '\n' + content, file.fileName());
            !leak.isEmpty())
            found += leak;
    }
    return found.join(u'\n');
}
