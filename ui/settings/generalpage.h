#pragma once

#include "settings/settingspage.h"

class QComboBox;
class QSpinBox;

/// The window, how servers are asked, and how long finished tasks are kept.
class GeneralPage final : public SettingsPage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GeneralPage)

public:
    explicit GeneralPage(QWidget *parent = nullptr);

    void load(const Settings &settings) override;
    void store(Settings &settings) const override;

private:
    QComboBox *m_detailPlacement;
    QSpinBox *m_requestsPerSecond;
    QSpinBox *m_idleTimeout;  ///< s
    QSpinBox *m_totalTimeout; ///< s
    QSpinBox *m_historyDays;
    QSpinBox *m_historyMegabytes;
};
