#pragma once

#include "settings/settingspage.h"

class QCheckBox;
class QComboBox;

/// What closing the window means, and whether the session starts the program.
class DesktopPage final : public SettingsPage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DesktopPage)

public:
    explicit DesktopPage(QWidget *parent = nullptr);

    void load(const Settings &settings) override;
    void store(Settings &settings) const override;

private:
    QComboBox *m_onClose;
    QCheckBox *m_autostart;
};
