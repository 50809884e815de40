#include "detail/jsonformat.h"

#include "task/jsonmember.h"

namespace {

constexpr qsizetype deepestIndent = 100;

qsizetype skipSpace(QByteArrayView json, qsizetype at)
{
    while (at < json.size() && QByteArrayView(" \n\r\t").contains(json[at]))
        ++at;
    return at;
}

} // namespace

QByteArray formattedJson(QByteArrayView json, qsizetype limit)
{
    QByteArray out;
    qsizetype depth = 0;
    const auto newLine = [&] {
        out.append('\n').append(2 * qBound<qsizetype>(0, depth, deepestIndent), ' ');
    };
    qsizetype at = skipSpace(json, 0);
    while (at < json.size() && out.size() < limit) {
        const char c = json[at];
        qsizetype end = at + 1;
        switch (c) {
        case '{':
        case '[':
            out.append(c);
            end = skipSpace(json, end);
            if (end < json.size() && (json[end] == '}' || json[end] == ']')) {
                out.append(json[end++]);
            } else {
                ++depth;
                newLine();
            }
            break;
        case '}':
        case ']':
            --depth;
            newLine();
            out.append(c);
            break;
        case ',':
            out.append(c);
            newLine();
            break;
        case ':':
            out.append(": ");
            break;
        case '"': {
            end = JsonText::endOfString(json, at);
            // One byte over the limit is enough to tell that there is more.
            const QByteArrayView text = json.sliced(at, qMin(end - at, limit - out.size() + 1));
            out.append(text.data(), text.size());
            break;
        }
        default:
            out.append(c);
            break;
        }
        at = skipSpace(json, end);
    }
    return out;
}
