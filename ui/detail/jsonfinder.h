#pragma once

#include "detail/jsonindex.h"

#include <QWidget>

#include <atomic>
#include <memory>

class JsonTreeView;
class LargeTextView;
class QLabel;
class QLineEdit;

/// The search box of a JSON document: in the tree over all of it (in the thread pool), in the text
/// over what is shown.
class JsonFinder final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JsonFinder)

public:
    enum class Target { Tree, Text };
    static constexpr qsizetype maxMatches = 100'000;

    /// Both views outlive it.
    JsonFinder(JsonTreeView &tree, LargeTextView &text, QWidget *parent = nullptr);
    ~JsonFinder() override;

    /// What is shown has changed: counts again, moves nothing.
    void refresh(Target target);

    void findNext();
    void findPrevious();
    [[nodiscard]] QLineEdit &edit() const { return *m_edit; }
    /// "3 of 12", "No match", …
    [[nodiscard]] QString status() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void start(bool goThere);
    void step(int by);
    void showStatus();

    JsonTreeView &m_tree;
    LargeTextView &m_text;
    QLineEdit *m_edit;
    QLabel *m_status;
    Target m_target = Target::Tree;
    std::shared_ptr<std::atomic_bool> m_stop; ///< of the search under way; null if there is none
    QList<quint32> m_matches;                 ///< in the tree
    qsizetype m_current = -1;                 ///< among them
    int m_textMatches = 0;
};
