#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

/// What there is nothing of.
enum class Emptiness { NoServer, NothingTracked, NoMatch, EmptyView };

/// Stands where the table would: one sentence, one button, mostly a link.
class EmptyState final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EmptyState)

public:
    explicit EmptyState(QWidget *parent = nullptr);

    void setEmptiness(Emptiness emptiness);
    [[nodiscard]] Emptiness emptiness() const { return m_emptiness; }

Q_SIGNALS:
    void buttonClicked(Emptiness emptiness);
    void linkClicked(Emptiness emptiness);

private:
    Emptiness m_emptiness = Emptiness::NoServer;
    QLabel *m_sentence;
    QPushButton *m_button;
    QLabel *m_link;
};
