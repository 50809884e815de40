#include "settings/desktoppage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

DesktopPage::DesktopPage(QWidget *parent)
    : SettingsPage(tr("Tray and Start"), QStringLiteral("taskwatch"), parent)
    , m_onClose(new QComboBox(this))
    , m_autostart(new QCheckBox(tr("&Start Taskwatch with the session"), this))
{
    using OnClose = Settings::OnClose;
    m_onClose->addItem(tr("Ask"), int(OnClose::Ask));
    m_onClose->addItem(tr("Keep running in the tray"), int(OnClose::KeepInTray));
    m_onClose->addItem(tr("Quit"), int(OnClose::Quit));
    QFormLayout *tray = addGroup(tr("Tray"));
    tray->addRow(tr("&Closing the window:"), m_onClose);
    tray->addRow(makeNote(tr("Where the desktop has no tray, closing the window quits.")));

    QVBoxLayout *start = addColumn(tr("Start"));
    start->addWidget(m_autostart);
    start->addWidget(makeNote(tr("It starts in the tray, or minimised where there is none.")));

    connect(m_onClose, &QComboBox::currentIndexChanged, this, &SettingsPage::edited);
    connect(m_autostart, &QCheckBox::toggled, this, &SettingsPage::edited);
}

void DesktopPage::load(const Settings &settings)
{
    m_onClose->setCurrentIndex(m_onClose->findData(int(settings.onClose)));
    m_autostart->setChecked(settings.autostart);
}

void DesktopPage::store(Settings &settings) const
{
    settings.onClose = Settings::OnClose(m_onClose->currentData().toInt());
    settings.autostart = m_autostart->isChecked();
}
