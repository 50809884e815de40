#pragma once

#include "detail/jsonindex.h"
#include "detail/plaintext.h"
#include "task/replydata.h"
#include "task/secretrules.h"

#include <QWidget>

#include <memory>

class ElidedLabel;
class JsonFinder;
class JsonTreeView;
class LargeTextView;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class SecretBanner;
class SecretGate;

/// What a JsonPane shows: a part of a document, or all of it.
struct JsonSource {
    ReplyBody document;
    QByteArray member; ///< a top-level member of it; empty: all of it
    QString action;    ///< of the task: says what is secret
    SecretRule rule = SecretRule::ByName;
    bool isHead = false;   ///< the document is only the beginning of one
    bool isSecret = false; ///< masked while the gate is closed, and always in files
    QString fileName;      ///< proposed when it is saved

    /// Takes a moment: of a large document only the fingerprint is compared.
    [[nodiscard]] bool isSameAs(const JsonSource &other) const
    {
        return document == other.document && member == other.member && isSecret == other.isSecret
               && action == other.action && rule == other.rule;
    }
};

/// A JSON document of any size as a tree, as formatted text, or as it came; with search and save.
/// All work on the whole is done in the thread pool, once the pane is visible.
class JsonPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JsonPane)

public:
    enum View { Tree, FormattedText, OriginalText };

    explicit JsonPane(SecretGate &gate, QWidget *parent = nullptr);

    /// The same again changes nothing. `rewind`: of another task, so it starts at the top.
    void setSource(const JsonSource &source, bool rewind);
    /// Shows `text` in place of a document.
    void setEmpty(const QString &text);

    /// Also when `path` exists: the dialog has asked.
    void saveTo(const QString &path);

    [[nodiscard]] bool isReady() const;
    [[nodiscard]] const std::shared_ptr<const JsonIndex> &json() const { return m_json; }
    [[nodiscard]] JsonTreeView &tree() const { return *m_tree; }
    [[nodiscard]] LargeTextView &text() const { return *m_text; }
    [[nodiscard]] JsonFinder &finder() const { return *m_finder; }
    void setView(View view);
    [[nodiscard]] QString note() const;

Q_SIGNALS:
    /// A document is shown now, or the same in another way.
    void presented();

protected:
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] QWidget *makeToolRow();
    void load();
    void present(const std::shared_ptr<const JsonIndex> &json);
    void presentText();
    void showView();
    void followGate();
    void askWhereToSave();
    void setNote(const QString &note);
    [[nodiscard]] QString headNote() const;

    SecretGate &m_gate;
    SecretBanner *m_banner;
    QStackedWidget *m_stack;
    QLabel *m_message;
    JsonTreeView *m_tree;
    LargeTextView *m_text;
    QWidget *m_tools = nullptr;
    JsonFinder *m_finder = nullptr;
    QComboBox *m_views = nullptr;
    QPushButton *m_save = nullptr;
    ElidedLabel *m_note;

    JsonSource m_source;
    bool m_hasSource = false;
    bool m_isLoaded = false;
    bool m_rewinds = true;
    quint64 m_ticket = 0; ///< of the last work asked for: what comes from an earlier one is stale
    std::shared_ptr<const JsonIndex> m_json;
    std::shared_ptr<const JsonIndex> m_masked; ///< to be shown at once when the gate closes
};
