#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class SecretGate;

/// Says that something is masked, and shows it for a while when asked. Visible only when needed.
class SecretBanner final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SecretBanner)

public:
    explicit SecretBanner(SecretGate &gate, QWidget *parent = nullptr);

    /// Whether there is anything below it that could hold the secret; at first there is.
    void setHasContent(bool hasContent);

private:
    void showState();

    SecretGate &m_gate;
    QLabel *m_text;
    QPushButton *m_button;
    bool m_hasContent = true;
};
