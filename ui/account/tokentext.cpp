#include "account/tokentext.h"

#include <QCoreApplication>

#include <algorithm>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TokenText)
};

void dropPrefix(QStringView &text, QLatin1String prefix)
{
    if (!text.startsWith(prefix, Qt::CaseInsensitive))
        return;
    const QStringView rest = text.mid(prefix.size());
    // "bearerless" is a token, "Bearer x" and "Authorization:x" are not.
    if (prefix.endsWith(QLatin1Char(':')) || (!rest.isEmpty() && rest.front().isSpace()))
        text = rest.trimmed();
}

} // namespace

tl::expected<Secret, QString> tokenFromText(const QString &text)
{
    QStringView token = QStringView(text).trimmed();
    dropPrefix(token, QLatin1String("Authorization:"));
    dropPrefix(token, QLatin1String("Bearer"));
    if (std::any_of(token.begin(), token.end(), [](QChar c) { return c.isSpace(); })) {
        return tl::unexpected(Words::tr(
            "The token has spaces or line breaks inside. Copy it once more, in one piece."));
    }
    if (std::any_of(token.begin(), token.end(), [](QChar c) { return c < u'!' || c > u'~'; })) {
        return tl::unexpected(
            Words::tr("The token holds characters that no token has. Copy it once more."));
    }
    return Secret(token.toLatin1());
}
