#pragma once

#include <QList>
#include <QString>

class QLabel;

/// Server text for widgets: never markup, never a surprise.
namespace PlainText {

/// Line ends and other controls as visible signs, for a cell or a heading.
[[nodiscard]] QString inOneLine(QString text);

/// For setToolTip() and Qt::ToolTipRole, which otherwise guess whether a text is markup. Cut at
/// 2,000 characters.
[[nodiscard]] QString toolTip(const QString &text);

/// "19.1 MiB".
[[nodiscard]] QString size(qsizetype bytes);

/// Does nothing when the text is the same; otherwise keeps what was selected where it was.
void set(QLabel &label, const QString &text);

/// The beginning of a large text, cut so that a text view can show it without a stall.
struct Excerpt {
    static constexpr qsizetype maxBytes = 1'048'576;
    static constexpr qsizetype maxLine = 1'000;

    QString text;
    /// Lines (from 0) that continue the one before: the break is ours, not the text's.
    QList<int> continued;
    qsizetype totalBytes = 0;
    bool isCut = false;

    friend bool operator==(const Excerpt &, const Excerpt &) = default;
};

/// `utf8` may be broken, or end within a character. `totalBytes`: of the whole, if `utf8` is
/// already its beginning only.
[[nodiscard]] Excerpt excerpt(QByteArrayView utf8, qsizetype totalBytes = 0);

} // namespace PlainText
