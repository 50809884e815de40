#include "desktop/closeguard.h"

#include <QEvent>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>

CloseGuard::CloseGuard(QWidget &window, QObject *parent)
    : QObject(parent)
    , m_window(window)
{
    window.installEventFilter(this);
}

bool CloseGuard::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != &m_window || event->type() != QEvent::Close || !m_isTrayThere
        || m_choice == Settings::OnClose::Quit || qGuiApp->isSavingSession())
        return QObject::eventFilter(watched, event);
    event->ignore();
    if (m_choice == Settings::OnClose::KeepInTray)
        m_window.hide();
    else
        ask();
    return true;
}

void CloseGuard::ask()
{
    if (m_question) {
        m_question->raise();
        return;
    }
    m_question = new QMessageBox(QMessageBox::Question, tr("Close Taskwatch"),
                                 tr("Keep Taskwatch running in the tray?"), QMessageBox::NoButton,
                                 &m_window);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    m_question->setInformativeText(
        tr("Only while it runs does it watch your tasks and tell you what "
           "becomes of them. The settings can change this later."));
    auto *keep = m_question->addButton(tr("&Keep Running"), QMessageBox::AcceptRole);
    auto *quit = m_question->addButton(tr("&Quit"), QMessageBox::DestructiveRole);
    m_question->addButton(QMessageBox::Cancel); // Esc: the window stays, and nothing is chosen
    m_question->setDefaultButton(keep);
    connect(keep, &QPushButton::clicked, this, [this] {
        m_choice = Settings::OnClose::KeepInTray;
        Q_EMIT chosen(m_choice);
        m_window.hide();
    });
    connect(quit, &QPushButton::clicked, this, [this] {
        m_choice = Settings::OnClose::Quit;
        Q_EMIT chosen(m_choice);
        Q_EMIT quitWanted();
    });
    m_question->open();
}
