#include "detail/largetextview.h"

#include <QFontDatabase>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>

namespace {

/// QTextBlock::userState() of a line that continues the one before.
constexpr int continues = 1;
/// Characters that are put in at once: some 5 ms.
constexpr qsizetype sliceSize = 32'768;

} // namespace

LargeTextView::LargeTextView(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAnywhere);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setFrameShape(QFrame::NoFrame);
    m_slices.setInterval(0);
    connect(&m_slices, &QTimer::timeout, this, &LargeTextView::insertSlice);
}

void LargeTextView::setContent(const PlainText::Excerpt &content)
{
    if (content == m_content)
        return;
    if (isWhole())
        m_place = {.anchor = textCursor().anchor(),
                   .position = textCursor().position(),
                   .scroll = verticalScrollBar()->value()};
    m_content = content;
    m_inserted = 0;
    QPlainTextEdit::clear();
    insertSlice();
}

void LargeTextView::insertSlice()
{
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    end.insertText(m_content.text.mid(m_inserted, sliceSize));
    m_inserted = qMin(m_inserted + sliceSize, m_content.text.size());
    if (isWhole()) {
        m_slices.stop();
        markContinued();
        restore();
    } else if (!m_slices.isActive()) {
        m_slices.start();
    }
}

/// Only once all is in: a block's mark goes astray when the block is split by an insertion.
void LargeTextView::markContinued()
{
    for (const int line : m_content.continued)
        document()->findBlockByNumber(line).setUserState(continues);
}

void LargeTextView::restore()
{
    if (textCursor().hasSelection() || verticalScrollBar()->value() != 0)
        return; // somebody was faster
    if (qMax(m_place.anchor, m_place.position) < document()->characterCount()) {
        QTextCursor cursor(document());
        cursor.setPosition(m_place.anchor);
        cursor.setPosition(m_place.position, QTextCursor::KeepAnchor);
        setTextCursor(cursor);
    }
    verticalScrollBar()->setValue(m_place.scroll);
    m_place = {};
}

void LargeTextView::rewind()
{
    m_place = {};
    setTextCursor(QTextCursor(document()));
    verticalScrollBar()->setValue(0);
    horizontalScrollBar()->setValue(0);
}

bool LargeTextView::findText(const QString &needle, bool backward)
{
    const QTextDocument::FindFlags flags =
        backward ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    if (find(needle, flags))
        return true;
    QTextCursor around(document());
    if (backward)
        around.movePosition(QTextCursor::End);
    around = document()->find(needle, around, flags);
    if (around.isNull())
        return false;
    setTextCursor(around);
    return true;
}

bool LargeTextView::findFromHere(const QString &needle)
{
    QTextCursor cursor = textCursor();
    cursor.setPosition(cursor.selectionStart());
    setTextCursor(cursor);
    return findText(needle, false);
}

int LargeTextView::countText(const QString &needle) const
{
    return needle.isEmpty() ? 0
                            : static_cast<int>(m_content.text.count(needle, Qt::CaseInsensitive));
}

QMimeData *LargeTextView::createMimeDataFromSelection() const
{
    const QTextCursor cursor = textCursor();
    QString text;
    QTextBlock block = document()->findBlock(cursor.selectionStart());
    for (; block.isValid() && block.position() < cursor.selectionEnd(); block = block.next()) {
        const int begin = qMax(0, cursor.selectionStart() - block.position());
        if (begin == 0 && !text.isEmpty() && block.userState() != continues)
            text += u'\n';
        text += block.text().mid(begin, cursor.selectionEnd() - block.position() - begin);
    }
    Q_EMIT copied(text);
    auto *mime = new QMimeData;
    mime->setText(text);
    return mime;
}
