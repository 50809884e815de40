#pragma once

#include <QDialog>
#include <QStringList>

class QLineEdit;
class QPlainTextEdit;

/// The operator's own words about a task: its tags and a note.
class NoteDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NoteDialog)

public:
    NoteDialog(const QString &task, const QString &note, const QStringList &tags,
               QWidget *parent = nullptr);

    [[nodiscard]] QString note() const;
    /// As typed between the commas.
    [[nodiscard]] QStringList tags() const;

private:
    QLineEdit *m_tags;
    QPlainTextEdit *m_note;
};
