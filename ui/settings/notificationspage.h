#pragma once

#include "settings/settingspage.h"

#include <array>

class DesktopNotifier;
class QCheckBox;
class QLabel;

/// What is told, and whether this desktop can.
class NotificationsPage final : public SettingsPage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NotificationsPage)

public:
    /// The notifier does the test, and must outlive the page.
    explicit NotificationsPage(DesktopNotifier &notifier, QWidget *parent = nullptr);

    void load(const Settings &settings) override;
    void store(Settings &settings) const override;

Q_SIGNALS:
    /// To set the servers' own switches.
    void serversWanted();

private:
    std::array<QCheckBox *, noticeKinds.size()> m_tell; ///< by kind
    QLabel *m_testAnswer;
};
