#pragma once

#include <QList>
#include <QString>
#include <QTextEdit>

class QTextTable;

/// A name and its value: plain text, both.
struct Fact {
    QString name;
    QString value;       ///< never empty; may have several lines
    bool isCode = false; ///< an ID or address: fixed-width font

    friend bool operator==(const Fact &, const Fact &) = default;
};

/// Facts in one text that can be selected and copied across its lines. The text goes
/// in through QTextCursor, never as markup.
class FactsView final : public QTextEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FactsView)

public:
    explicit FactsView(QWidget *parent = nullptr);

    /// Changes only the lines that differ; scroll position and selection stay.
    void setFacts(const QList<Fact> &facts);
    /// For another task: the next facts start at the top.
    void rewind();
    [[nodiscard]] const QList<Fact> &facts() const { return m_facts; }

protected:
    void changeEvent(QEvent *event) override;

private:
    void rebuild();
    void merge(const QList<Fact> &facts);
    void writeRow(int row, const Fact &fact);
    void replaceValue(int row, const Fact &fact);

    QTextTable *m_table = nullptr; ///< in the document; null until there are facts
    QList<Fact> m_facts;
};
