#include "leaksearch.h"

#include <QDirIterator>
#include <QFile>
#include <QUrl>

using namespace Qt::StringLiterals;

void LeakSearch::add(const QString &name, const QByteArray &secret)
{
    constexpr qsizetype piece = 24;
    // The end of a JWT is its signature, the middle its claims; neither is in another's.
    const qsizetype middle = std::max<qsizetype>(0, secret.size() / 2 - piece / 2);
    QList<QByteArray> pieces{secret.right(piece)};
    if (secret.size() > piece)
        pieces += secret.mid(middle, piece);
    for (const QByteArray &bytes : std::as_const(pieces)) {
        const QString text = QString::fromUtf8(bytes);
        m_needles += {name, bytes};
        m_needles +=
            {name + u" in UTF-16"_s, QByteArray(reinterpret_cast<const char *>(text.utf16()),
                                                text.size() * qsizetype(sizeof(char16_t)))};
        m_needles += {name + u" in hexadecimal"_s, bytes.toHex()};
        if (const QByteArray percent = bytes.toPercentEncoding(); percent != bytes)
            m_needles += {name + u" percent-encoded"_s, percent};
        for (qsizetype before = 0; before < 3; ++before) {
            // Without the letters that its neighbours have a part in.
            const QByteArray packed = QByteArray(QByteArray(before, 'x') + bytes).toBase64();
            m_needles +=
                {name + u" in base64"_s, packed.mid(before == 0 ? 0 : before + 1).chopped(4)};
        }
    }
}

QString LeakSearch::in(const QByteArray &where, const QString &called) const
{
    QStringList found;
    for (const Needle &needle : m_needles) {
        if (where.contains(needle.bytes))
            found += needle.name + u": "_s + called;
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
