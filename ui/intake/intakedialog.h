#pragma once

#include "intake/foundtasks.h"

#include <QDialog>

class QComboBox;
class QLabel;
class IntakeText;
class QPushButton;

/// Takes a text and shows what is in it before anything happens: new tasks (checked), those already
/// watched, those of another server, and what is no ID. With several servers, each is asked for a
/// bare ID, and the task gets a row for each that knows it.
class IntakeDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntakeDialog)

public:
    using IsTracked = std::function<bool(const TaskKey &)>;
    using Answer = FoundTasks::Answer;

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
    void act();
    void lookUp();
    void ask();
    void refreshButtons();

    ShownServers m_servers;
    IsTracked m_isTracked;
    IntakeText *m_text;
    QString m_whole; ///< what is too long to be shown; else empty
    QLabel *m_summary;
    QComboBox *m_server; ///< which one a bare ID is meant for
    FoundTasks *m_rows;
    QPushButton *m_watch;
    QPushButton *m_lookUp;
};
