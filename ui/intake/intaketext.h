#pragma once

#include <QPlainTextEdit>

/// Where texts with task IDs are typed and pasted. Of files that are pasted or dropped it takes
/// what is in them, not where they are.
class IntakeText final : public QPlainTextEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntakeText)

public:
    explicit IntakeText(QWidget *parent = nullptr);

Q_SIGNALS:
    /// Files, and what stood beside them; nothing of it is in the editor yet.
    void filesGiven(const QStringList &texts, const QStringList &troubles);

protected:
    void insertFromMimeData(const QMimeData *source) override;
};
