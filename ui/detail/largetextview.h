#pragma once

#include "detail/plaintext.h"

#include <QPlainTextEdit>
#include <QTimer>

/// Read-only text in a fixed-width font: the beginning of something that may be large.
class LargeTextView final : public QPlainTextEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LargeTextView)

public:
    explicit LargeTextView(QWidget *parent = nullptr);

    /// The same again changes nothing; a changed one keeps scroll position and selection where the
    /// text still has them. A large text arrives in slices, a few milliseconds each, so that the
    /// window stays alive meanwhile.
    void setContent(const PlainText::Excerpt &content);
    /// The last slice has arrived.
    [[nodiscard]] bool isWhole() const { return m_inserted == m_content.text.size(); }
    /// Back to the top, nothing selected.
    void rewind();

    /// Selects the next (previous) occurrence in any case, around the end if need be; false if
    /// there is none.
    bool findText(const QString &needle, bool backward);
    /// The same from what is selected on, which may be that occurrence: for a text being typed.
    bool findFromHere(const QString &needle);
    [[nodiscard]] int countText(const QString &needle) const;

Q_SIGNALS:
    /// Text of ours is on its way to the clipboard (or was dragged). Const, as what Qt asks for it.
    void copied(const QString &text) const; // clazy:exclude=const-signal-or-slot

protected:
    /// Without the line breaks that only the view needs.
    [[nodiscard]] QMimeData *createMimeDataFromSelection() const override;

private:
    /// What to come back to once the text is long enough again.
    struct Place {
        int anchor = 0;
        int position = 0;
        int scroll = 0;
    };

    void insertSlice();
    void markContinued();
    void restore();

    PlainText::Excerpt m_content;
    qsizetype m_inserted = 0; ///< characters of it
    Place m_place;
    QTimer m_slices;
};
