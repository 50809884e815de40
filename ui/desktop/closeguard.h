#pragma once

#include "account/settings.h"

#include <QObject>
#include <QPointer>

class QMessageBox;
class QWidget;

/// Decides what closing the window means while there is a tray: asks once, then keeps the program
/// in the tray or lets it end. Without a tray it lets every close through.
class CloseGuard final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CloseGuard)

public:
    /// `window` must outlive it.
    explicit CloseGuard(QWidget &window, QObject *parent = nullptr);

    void setChoice(Settings::OnClose choice) { m_choice = choice; }
    void setTrayThere(bool isThere) { m_isTrayThere = isThere; }

Q_SIGNALS:
    /// The answer to the question.
    void chosen(Settings::OnClose choice);
    void quitWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void ask();

    QWidget &m_window;
    Settings::OnClose m_choice = Settings::OnClose::Ask;
    bool m_isTrayThere = false;
    QPointer<QMessageBox> m_question;
};
