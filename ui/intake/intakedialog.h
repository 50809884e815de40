#pragma once

#include "intake/intakeplan.h"

#include <QDialog>
#include <QHash>
#include <QIcon>

class QComboBox;
class QLabel;
class IntakeText;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

/// Takes a text and shows what is in it before anything happens: new tasks (checked), those already
/// watched, those of another server, and what is no ID. With several servers, each is asked for a
/// bare ID, and the task gets a row for each that knows it.
class IntakeDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntakeDialog)

public:
    using IsTracked = std::function<bool(const TaskKey &)>;
    /// What a look-up found.
    struct Answer {
        TaskKey key;
        bool isKnown = false;    ///< the server holds the task
        bool isNotFound = false; ///< it does not; neither: it could not be asked
        QIcon icon;
        QString words;
    };

    IntakeDialog(ShownServers servers, IsTracked isTracked, QWidget *parent = nullptr);

    void setText(const QString &text);
    /// The same, but each server was asked already: the answers come, or are here.
    void setAskedFor(const QString &text);
    /// Without those whose server is not known yet.
    [[nodiscard]] QList<TaskKey> checkedTasks() const;
    /// Beside the ID.
    void setAnswer(const Answer &answer);

public Q_SLOTS:
    /// Asks for a file and takes its text.
    void openFile();

Q_SIGNALS:
    void watchRequested(const QList<TaskKey> &keys);
    void lookUpRequested(const QList<TaskKey> &keys);

private:
    void build();
    void takeFile(const QString &path);
    void takeGivenFiles(const QStringList &texts, const QStringList &troubles);
    void takeEditedText();
    void place(const QString &text);
    void preview(const QString &text);
    void markAsked(const QList<TaskKey> &keys);
    void addRow(const IntakeRow &row);
    void addTask(QTreeWidgetItem *item, const TaskKey &key);
    void takeOpenAnswer(const Answer &answer);
    void act();
    void lookUp();
    void ask();
    void refreshButtons();
    [[nodiscard]] QList<TaskKey> openKeys() const;
    [[nodiscard]] QString nameOf(const ServerId &server) const;

    /// A bare ID of which no server is known to hold it.
    struct Open {
        QTreeWidgetItem *item = nullptr;
        QList<ServerId> servers; ///< that may hold it
        qsizetype unanswered = 0;
        QStringList silent = {}; ///< names of servers that could not be asked
    };
    ShownServers m_servers;
    IsTracked m_isTracked;
    IntakeText *m_text;
    QString m_whole; ///< what is too long to be shown; else empty
    QLabel *m_summary;
    QComboBox *m_server; ///< which one a bare ID is meant for
    QTreeWidget *m_rows;
    QHash<TaskKey, QTreeWidgetItem *> m_items;
    QHash<TaskId, Open> m_open;
    QPushButton *m_watch;
    QPushButton *m_lookUp;
};
