#pragma once

#include <QLabel>

/// What is wrong with a field's text, just below the field: floats over the window, so that nothing
/// moves. Goes when the field loses the focus, or with an empty text.
class FieldHint final : public QLabel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FieldHint)

public:
    /// Belongs to the field's window.
    explicit FieldHint(QWidget *field);

    void setHint(const QString &text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    QWidget *m_field;
};
