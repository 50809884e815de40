#include "detail/jsonindex.h"

#include <QStringList>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

/// Reads the text once, without recursion: its depth is the server's choice.
class JsonIndexer
{
public:
    explicit JsonIndexer(JsonIndex &index)
        : m_index(index)
        , m_text(index.m_text)
    {
    }

    bool run()
    {
        if (m_text.size() >= std::numeric_limits<quint32>::max())
            return false;
        skipSpace();
        while (readValue()) {
            skipSpace();
            while (m_open != none && at(closer()))
                close();
            if (m_open == none)
                return m_pos == m_text.size();
            if (!at(','))
                return false;
            ++m_pos;
            skipSpace();
        }
        return false;
    }

private:
    static constexpr quint32 none = std::numeric_limits<quint32>::max();

    bool at(char c) const { return m_pos < m_text.size() && m_text[m_pos] == c; }
    char closer() const { return m_text[m_index.m_values[m_open].begin] == '{' ? '}' : ']'; }

    void skipSpace()
    {
        while (at(' ') || at('\n') || at('\r') || at('\t'))
            ++m_pos;
    }

    bool skipString()
    {
        for (++m_pos; m_pos < m_text.size(); ++m_pos) {
            if (m_text[m_pos] == '\\')
                ++m_pos;
            else if (m_text[m_pos] == '"') {
                ++m_pos;
                return true;
            }
        }
        return false;
    }

    bool skipWord()
    {
        const qsizetype begin = m_pos;
        constexpr QByteArrayView first("-0123456789tfn");
        constexpr QByteArrayView ends(",]}: \n\r\t\"[{");
        if (m_pos < m_text.size() && first.contains(m_text[m_pos])) {
            while (m_pos < m_text.size() && !ends.contains(m_text[m_pos]))
                ++m_pos;
        }
        return m_pos > begin;
    }

    /// A value up to its end, or up to the first value within it.
    bool readValue()
    {
        for (;;) {
            quint32 name = 0;
            if (m_open != none && closer() == '}' && !readName(name))
                return false;
            if (m_index.m_values.size() == JsonIndex::maxValues)
                return false;
            const quint32 number = add(name);
            const bool isContainer = at('{') || at('[');
            if (!isContainer) {
                if (!(at('"') ? skipString() : skipWord()))
                    return false;
                end(number);
                return true;
            }
            ++m_pos;
            m_open = number;
            skipSpace();
            if (at(closer())) {
                close();
                return true;
            }
        }
    }

    bool readName(quint32 &name)
    {
        if (!at('"'))
            return false;
        name = static_cast<quint32>(m_pos);
        if (!skipString())
            return false;
        skipSpace();
        if (!at(':'))
            return false;
        ++m_pos;
        skipSpace();
        return true;
    }

    quint32 add(quint32 name)
    {
        auto &values = m_index.m_values;
        const auto number = static_cast<quint32>(values.size());
        const bool isRoot = m_open == none;
        const quint32 row = isRoot ? 0 : values[m_open].children++;
        values.push_back({.name = name,
                          .begin = static_cast<quint32>(m_pos),
                          .end = 0,
                          .next = number + 1,
                          .parent = isRoot ? 0 : m_open,
                          .row = row,
                          .children = 0});
        if (row > 0 && row % JsonIndex::rangeSize == 0)
            m_index.m_anchors[m_open].append(number);
        return number;
    }

    void end(quint32 number)
    {
        m_index.m_values[number].end = static_cast<quint32>(m_pos);
        m_index.m_values[number].next = static_cast<quint32>(m_index.m_values.size());
    }

    void close()
    {
        ++m_pos;
        end(m_open);
        m_open = m_open == 0 ? none : m_index.m_values[m_open].parent;
        skipSpace();
    }

    JsonIndex &m_index;
    QByteArrayView m_text;
    qsizetype m_pos = 0;
    quint32 m_open = none;
};

namespace {

/// The content of a string literal without its quotes; may end in the middle of an escape.
QString unescaped(QByteArrayView text)
{
    QString result;
    for (;;) {
        const qsizetype slash = text.indexOf('\\');
        if (slash < 0)
            return result + QString::fromUtf8(text);
        result += QString::fromUtf8(text.first(slash));
        if (slash + 1 >= text.size())
            return result;
        const char escape = text[slash + 1];
        qsizetype used = slash + 2;
        switch (escape) {
        case 'n':
            result += u'\n';
            break;
        case 't':
            result += u'\t';
            break;
        case 'r':
            result += u'\r';
            break;
        case 'b':
            result += u'\b';
            break;
        case 'f':
            result += u'\f';
            break;
        case 'u': {
            const QByteArrayView digits = text.sliced(used, qMin(text.size() - used, 4));
            bool isNumber = false;
            const ushort unit = digits.toByteArray().toUShort(&isNumber, 16);
            result +=
                isNumber && digits.size() == 4 ? QChar(unit) : QChar(QChar::ReplacementCharacter);
            used += digits.size();
            break;
        }
        default:
            result += QLatin1Char(escape);
            break;
        }
        text = text.sliced(used);
    }
}

bool isPlainName(const QString &name)
{
    if (name.isEmpty() || name.front().isDigit())
        return false;
    return std::all_of(name.cbegin(), name.cend(),
                       [](QChar c) { return c.isLetterOrNumber() || c == u'_'; });
}

} // namespace

JsonIndex::JsonIndex(QByteArray document, QByteArrayView part)
    : m_document(std::move(document))
    , m_text(part)
{
    if (!JsonIndexer(*this).run()) {
        m_values = {};
        m_anchors = {};
    }
    m_values.shrink_to_fit();
}

JsonIndex::Kind JsonIndex::kind(quint32 value) const
{
    switch (m_text[m_values[value].begin]) {
    case '{':
        return Kind::Object;
    case '[':
        return Kind::Array;
    case '"':
        return Kind::String;
    case 't':
    case 'f':
        return Kind::Boolean;
    case 'n':
        return Kind::Null;
    default:
        return Kind::Number;
    }
}

bool JsonIndex::isContainer(quint32 value) const
{
    const Kind is = kind(value);
    return is == Kind::Object || is == Kind::Array;
}

quint32 JsonIndex::child(quint32 container, quint32 row) const
{
    quint32 value = container + 1;
    quint32 at = row - row % rangeSize;
    if (at > 0)
        value = m_anchors.constFind(container)->at(at / rangeSize - 1);
    for (; at < row; ++at)
        value = m_values[value].next;
    return value;
}

QByteArrayView JsonIndex::bytes(quint32 value) const
{
    const Value &v = m_values[value];
    return m_text.sliced(v.begin, v.end - v.begin);
}

QString JsonIndex::name(quint32 value) const
{
    const quint32 begin = m_values[value].name;
    if (begin == 0)
        return {};
    qsizetype end = begin + 1;
    while (m_text[end] != '"')
        end += m_text[end] == '\\' ? 2 : 1;
    return unescaped(m_text.sliced(begin + 1, end - begin - 1));
}

QString JsonIndex::text(quint32 value, qsizetype limit) const
{
    QByteArrayView text = bytes(value);
    if (kind(value) != Kind::String)
        return QString::fromUtf8(text.first(qMin(text.size(), limit)));
    text = text.sliced(1).chopped(1);
    return unescaped(text.first(qMin(text.size(), limit)));
}

QString JsonIndex::path(quint32 value) const
{
    QStringList parts;
    for (quint32 v = value; v != 0; v = parent(v)) {
        if (kind(parent(v)) == Kind::Array) {
            parts.prepend(u"[%1]"_s.arg(row(v)));
            continue;
        }
        QString part = name(v);
        if (isPlainName(part)) {
            parts.prepend(u'.' + part);
            continue;
        }
        part.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\'"_s);
        parts.prepend(u"['"_s + part + u"']"_s);
    }
    return u'$' + parts.join(QString());
}

QList<quint32> JsonIndex::find(const QString &needle, qsizetype limit,
                               const std::atomic_bool &stop) const
{
    QList<quint32> found;
    const auto count = static_cast<quint32>(m_values.size());
    for (quint32 v = 0; v < count && found.size() < limit && !stop; ++v) {
        if (name(v).contains(needle, Qt::CaseInsensitive)
            || (!isContainer(v) && text(v, m_text.size()).contains(needle, Qt::CaseInsensitive)))
            found.append(v);
    }
    return found;
}
