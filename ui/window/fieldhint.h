#pragma once

#include <QLabel>

class QAction;
class QLineEdit;

/// What is wrong with a field's text, just below the field: floats over the window, so that nothing
/// moves. Goes when the field loses the focus, or with an empty text; a sign in the field stays as
/// long as the text is wrong, and shows the hint again.
class FieldHint final : public QLabel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FieldHint)

public:
    /// Belongs to the field's window.
    explicit FieldHint(QLineEdit *field);

    void setHint(const QString &text);

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    QLineEdit *m_field;
    QAction *m_sign;
};
