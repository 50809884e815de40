#include "base/tokenshape.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

bool holdsToken(QStringView text)
{
    constexpr qsizetype shortest = 15; // "Bearer " and eight characters
    if (text.size() < shortest)
        return false;
    // "eyJ" is how the base64 of {" begins: every JWT's header and claims do.
    static const QRegularExpression token(
        u"(?<![A-Za-z0-9])eyJ[\\w-]{8,}+\\.eyJ[\\w-]{4,}+|\\bBearer\\s++[\\w.~+/-]{8,}+"_s,
        QRegularExpression::CaseInsensitiveOption);
    return token.match(text).hasMatch();
}
