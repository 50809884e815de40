#include "detail/factsview.h"

#include <QEvent>
#include <QFontDatabase>
#include <QScrollBar>
#include <QTextCursor>
#include <QTextTable>

#include <algorithm>

namespace {

constexpr int nameColumnChars = 17;

QTextCursor valueOf(const QTextTable &table, int row)
{
    const QTextTableCell cell = table.cellAt(row, 1);
    QTextCursor cursor = cell.firstCursorPosition();
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor::KeepAnchor);
    return cursor;
}

} // namespace

FactsView::FactsView(QWidget *parent)
    : QTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setAcceptRichText(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setFrameShape(QFrame::NoFrame);
    document()->setDocumentMargin(4);
}

void FactsView::rewind()
{
    m_facts.clear();
    rebuild();
}

void FactsView::setFacts(const QList<Fact> &facts)
{
    if (facts == m_facts)
        return;
    const int vertical = verticalScrollBar()->value();
    if (!m_table || facts.isEmpty()) {
        m_facts = facts;
        rebuild();
    } else {
        // A selection that ends where a line comes in does not grow by it.
        QTextCursor cursor = textCursor();
        cursor.setKeepPositionOnInsert(true);
        setTextCursor(cursor);
        merge(facts);
    }
    verticalScrollBar()->setValue(vertical);
}

void FactsView::rebuild()
{
    clear();
    m_table = nullptr;
    if (m_facts.isEmpty())
        return;
    QTextTableFormat format;
    format.setBorder(0);
    format.setCellPadding(2);
    format.setCellSpacing(0);
    const int width = fontMetrics().averageCharWidth() * nameColumnChars;
    format.setColumnWidthConstraints({QTextLength(QTextLength::FixedLength, width),
                                      QTextLength(QTextLength::VariableLength, 0)});
    QTextCursor cursor(document());
    cursor.beginEditBlock(); // laid out once, not after each text: that took 20 ms
    m_table = cursor.insertTable(static_cast<int>(m_facts.size()), 2, format);
    for (int row = 0; row < m_facts.size(); ++row)
        writeRow(row, m_facts[row]);
    cursor.endEditBlock();
    setTextCursor(QTextCursor(document()));
}

/// Facts keep their order, so that one pass finds what came and what went.
void FactsView::merge(const QList<Fact> &facts)
{
    for (int row = 0; row < facts.size(); ++row) {
        const Fact &fact = facts[row];
        const auto begin = m_facts.begin() + std::min<qsizetype>(row, m_facts.size());
        const auto same = std::find_if(begin, m_facts.end(),
                                       [&fact](const Fact &old) { return old.name == fact.name; });
        if (same == m_facts.end()) {
            m_table->insertRows(row, 1);
            writeRow(row, fact);
            m_facts.insert(row, fact);
            continue;
        }
        if (const auto gone = static_cast<int>(same - begin); gone > 0) {
            m_table->removeRows(row, gone);
            m_facts.remove(row, gone);
        }
        if (m_facts[row] != fact)
            replaceValue(row, fact);
        m_facts[row] = fact;
    }
    if (const auto rest = static_cast<int>(m_facts.size() - facts.size()); rest > 0) {
        m_table->removeRows(static_cast<int>(facts.size()), rest);
        m_facts.resize(facts.size());
    }
}

void FactsView::writeRow(int row, const Fact &fact)
{
    QTextCharFormat quiet;
    quiet.setForeground(palette().color(QPalette::PlaceholderText));
    m_table->cellAt(row, 0).firstCursorPosition().insertText(fact.name, quiet);
    QTextCharFormat plain;
    if (fact.isCode)
        plain.setFontFamilies(QFontDatabase::systemFont(QFontDatabase::FixedFont).families());
    valueOf(*m_table, row).insertText(fact.value, plain);
}

/// What is selected within the value stays selected by its place.
void FactsView::replaceValue(int row, const Fact &fact)
{
    QTextCursor value = valueOf(*m_table, row);
    const int begin = value.selectionStart();
    const int end = value.selectionEnd();
    // Numbers, not a cursor: that one would move along.
    const int oldAnchor = textCursor().anchor();
    const int oldPosition = textCursor().position();
    value.insertText(fact.value, m_table->cellAt(row, 1).firstCursorPosition().charFormat());

    const auto isInside = [&](int at) { return at >= begin && at <= end; };
    if (!isInside(oldAnchor) && !isInside(oldPosition))
        return;
    QTextCursor after = textCursor();
    const int newEnd = valueOf(*m_table, row).selectionEnd();
    const int anchor = isInside(oldAnchor) ? std::min(oldAnchor, newEnd) : after.anchor();
    const int position = isInside(oldPosition) ? std::min(oldPosition, newEnd) : after.position();
    after.setPosition(anchor);
    after.setPosition(position, QTextCursor::KeepAnchor);
    setTextCursor(after);
}

void FactsView::changeEvent(QEvent *event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        const int vertical = verticalScrollBar()->value();
        rebuild();
        verticalScrollBar()->setValue(vertical);
    }
}
