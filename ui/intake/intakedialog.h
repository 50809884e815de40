#pragma once

#include "intake/intakeplan.h"

#include <QDialog>
#include <QHash>
#include <QIcon>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

/// Takes a text and shows what is in it before anything happens: new tasks (checked), those already
/// watched, those of another server, and what is no ID.
class IntakeDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntakeDialog)

public:
    using IsTracked = std::function<bool(const TaskId &)>;

    IntakeDialog(QUrl apiRoot, IsTracked isTracked, QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] QList<TaskId> checkedIds() const;
    /// What a look-up of this dialog found, beside the ID.
    void setAnswer(const TaskId &id, const QIcon &icon, const QString &words);

public Q_SLOTS:
    /// Asks for a file and takes its text.
    void openFile();

Q_SIGNALS:
    void watchRequested(const QList<TaskId> &ids);
    void lookUpRequested(const QList<TaskId> &ids);

private:
    void build();
    void takeFile(const QString &path);
    void takeEditedText();
    void preview(const QString &text);
    void addRow(const IntakeRow &row);
    void refreshButtons();

    QUrl m_apiRoot;
    IsTracked m_isTracked;
    QPlainTextEdit *m_text;
    QLabel *m_summary;
    QTreeWidget *m_rows;
    QHash<TaskId, QTreeWidgetItem *> m_items; ///< those that name a task
    QPushButton *m_watch;
    QPushButton *m_lookUp;
};
