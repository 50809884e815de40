#pragma once

#include "task/taskrecord.h"

#include <QWidget>

class ElidedLabel;
class LargeTextView;
class QComboBox;
class QLabel;
class QPushButton;
class SecretGate;

/// The last reply as it was received: status, headers, body.
class RawPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RawPage)

public:
    enum Choice { LastReceived, LastReadable };

    explicit RawPage(SecretGate &gate, QWidget *parent = nullptr);

    /// `rewind`: of another task.
    void setTask(const TaskRecord &record, bool rewind);
    /// Whether a reply that could not be read holds what might be a secret, as far as is quickly
    /// known. Judges a reply once.
    [[nodiscard]] bool holdsUnreadSecret(const TaskRecord &record);
    /// Only matters where the last reply was not readable.
    void setChoice(Choice choice);
    /// The body; also when `path` exists: the dialog has asked.
    void saveTo(const QString &path);

    [[nodiscard]] LargeTextView &text() const { return *m_text; }
    [[nodiscard]] QString note() const;

protected:
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] QWidget *makeToolRow();
    [[nodiscard]] std::shared_ptr<const ReplyData> chosen() const;
    void refresh();
    void load();
    void followGate();
    void askWhereToSave();

    SecretGate &m_gate;
    QLabel *m_choiceLabel = nullptr;
    QComboBox *m_choice = nullptr;
    ElidedLabel *m_note = nullptr;
    QPushButton *m_save = nullptr;
    LargeTextView *m_text;

    TaskRecord m_record;
    std::shared_ptr<const ReplyData> m_wanted; ///< what is shown, or being read
    std::shared_ptr<const ReplyData> m_judged; ///< what `m_isSecret` was found of
    bool m_isSecret = false;
    bool m_isLoaded = false;
    quint64 m_ticket = 0;
};
