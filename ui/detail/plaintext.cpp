#include "detail/plaintext.h"

#include <QLabel>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxToolTip = 2'000;
constexpr char16_t controlPictures = 0x2400;

/// C0 controls by their pictures: a NUL or an escape would be invisible, or end the text.
QChar visible(QChar c)
{
    return c.unicode() < 0x20 ? QChar(controlPictures + c.unicode()) : c;
}

} // namespace

QString PlainText::inOneLine(QString text)
{
    text.replace(u"\r\n"_s, u"\n"_s);
    for (QChar &c : text) {
        if (c == u'\n' || c == QChar::LineSeparator || c == QChar::ParagraphSeparator)
            c = u'↵';
        else
            c = visible(c == u'\t' ? QChar(u' ') : c);
    }
    return text;
}

QString PlainText::toolTip(const QString &text)
{
    if (text.isEmpty())
        return {};
    QString shown = text.left(maxToolTip);
    if (shown.size() < text.size())
        shown += u'…';
    return u"<p style=\"white-space:pre-wrap\">"_s + shown.toHtmlEscaped() + u"</p>"_s;
}

QString PlainText::size(qsizetype bytes)
{
    return QLocale().formattedDataSize(bytes, 1);
}

void PlainText::set(QLabel &label, const QString &text)
{
    if (label.text() == text)
        return;
    const int start = label.selectionStart();
    const auto length = static_cast<int>(label.selectedText().size());
    label.setText(text);
    if (start >= 0 && start + length <= text.size())
        label.setSelection(start, length);
}

PlainText::Excerpt PlainText::excerpt(QByteArrayView utf8, qsizetype totalBytes)
{
    Excerpt result;
    result.totalBytes = qMax(totalBytes, utf8.size());
    const QByteArrayView shown = utf8.first(qMin(utf8.size(), Excerpt::maxBytes));
    result.isCut = shown.size() < result.totalBytes;
    const QString text = QString::fromUtf8(shown);
    result.text.reserve(text.size() + text.size() / Excerpt::maxLine);
    int line = 0;
    qsizetype length = 0;
    const auto breakLine = [&] {
        result.text += u'\n';
        length = 0;
        ++line;
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == u'\r' && i + 1 < text.size() && text[i + 1] == u'\n')
            continue;
        if (c == u'\n' || c == QChar::ParagraphSeparator) {
            breakLine();
            continue;
        }
        if (length >= Excerpt::maxLine && !c.isLowSurrogate()) {
            breakLine();
            result.continued.append(line);
        }
        result.text += c == u'\t' ? c : visible(c);
        ++length;
    }
    return result;
}
