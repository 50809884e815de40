#include "base/plaintext.h"

using namespace Qt::StringLiterals;

namespace {

[[nodiscard]] bool isHarmful(QChar c)
{
    const char16_t u = c.unicode();
    const bool control = u < 0x20 || (u >= 0x7f && u < 0xa0) || u == 0x2028 || u == 0x2029;
    const bool direction = u == 0x061c || u == 0x200e || u == 0x200f || (u >= 0x202a && u <= 0x202e)
                           || (u >= 0x2066 && u <= 0x2069);
    return control || direction;
}

/// C0 and DEL have pictures of their own in Unicode.
[[nodiscard]] QChar sign(QChar c)
{
    if (c.unicode() < 0x20)
        return QChar(0x2400 + c.unicode());
    return c.unicode() == 0x7f ? QChar(0x2421) : QChar(QChar::ReplacementCharacter);
}

[[nodiscard]] QString safe(QStringView text, bool keepLineFeeds)
{
    QString result = text.toString();
    for (QChar &c : result) {
        if (c == u'\t')
            c = u' ';
        else if (isHarmful(c) && !(keepLineFeeds && c == u'\n'))
            c = sign(c);
    }
    return result;
}

} // namespace

QString PlainText::inLines(QStringView text)
{
    QString plain = text.toString();
    plain.replace("\r\n"_L1, "\n"_L1);
    return safe(plain, true);
}

QString PlainText::onOneLine(QStringView text)
{
    return safe(text, false);
}

QString PlainText::inJson(QStringView json)
{
    QString result;
    result.reserve(json.size());
    for (const QChar c : json) {
        // Below space they are either escaped already or the space between members.
        if (c.unicode() >= 0x20 && isHarmful(c))
            result += u"\\u%1"_s.arg(c.unicode(), 4, 16, QChar(u'0'));
        else
            result += c;
    }
    return result;
}
