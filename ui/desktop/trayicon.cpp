#include "desktop/trayicon.h"

#include <QAction>
#include <QIcon>
#include <QLocale>
#include <QMenu>
#include <QSystemTrayIcon>

TrayIcon::TrayIcon(QObject *parent)
    : QObject(parent)
    , m_menu(std::make_unique<QMenu>())
    , m_icon(std::make_unique<QSystemTrayIcon>())
{
    connect(m_menu->addAction(tr("&Show Taskwatch")), &QAction::triggered, this,
            &TrayIcon::showWanted);
    connect(m_menu->addAction(tr("&Look Up From Clipboard")), &QAction::triggered, this,
            &TrayIcon::lookUpWanted);
    m_nextProblem = m_menu->addAction(tr("&Next Problem"));
    connect(m_nextProblem, &QAction::triggered, this, &TrayIcon::nextProblemWanted);
    m_menu->addSeparator();
    m_pause = m_menu->addMenu(tr("&Pause Notifications"));
    connect(m_pause->addAction(tr("For &1 Hour")), &QAction::triggered, this,
            [this] { Q_EMIT pauseWanted(Pause::OneHour); });
    connect(m_pause->addAction(tr("Until &Tomorrow")), &QAction::triggered, this,
            [this] { Q_EMIT pauseWanted(Pause::UntilTomorrow); });
    m_resume = m_menu->addAction(QString());
    connect(m_resume, &QAction::triggered, this, [this] { Q_EMIT pauseWanted(Pause::Ended); });
    m_menu->addSeparator();
    connect(m_menu->addAction(tr("&Quit")), &QAction::triggered, this, &TrayIcon::quitWanted);

    connect(m_icon.get(), &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                switch (reason) {
                case QSystemTrayIcon::Trigger:
                case QSystemTrayIcon::DoubleClick:
                    Q_EMIT showWanted();
                    return;
                case QSystemTrayIcon::MiddleClick:
                    Q_EMIT nextProblemWanted();
                    return;
                case QSystemTrayIcon::Context:
                case QSystemTrayIcon::Unknown:
                    return;
                }
            });
    setPausedUntil({});
    m_icon->setContextMenu(m_menu.get());
    m_nextProblem->setEnabled(false);
    m_icon->setIcon(trayIcon(m_facts));
    m_icon->setToolTip(trayToolTip(m_facts));
    m_icon->show();
}

TrayIcon::~TrayIcon() = default;

void TrayIcon::setFacts(const TrayFacts &facts)
{
    if (m_facts == facts)
        return;
    m_facts = facts;
    m_icon->setIcon(trayIcon(facts));
    m_icon->setToolTip(trayToolTip(facts));
    m_nextProblem->setEnabled(facts.attention > 0);
}

void TrayIcon::setPausedUntil(const QDateTime &until)
{
    m_pause->menuAction()->setVisible(!until.isValid());
    m_resume->setVisible(until.isValid());
    const QString time = QLocale().toString(until.toLocalTime().time(), QLocale::ShortFormat);
    m_resume->setText(tr("&Resume Notifications (Paused Until %1)").arg(time));
}
