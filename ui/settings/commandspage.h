#pragma once

#include "settings/settingspage.h"

#include <array>

class QLineEdit;

/// The operator's own commands that run with notices.
class CommandsPage final : public SettingsPage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandsPage)

public:
    explicit CommandsPage(QWidget *parent = nullptr);

    void load(const Settings &settings) override;
    void store(Settings &settings) const override;

private:
    std::array<QLineEdit *, noticeKinds.size()> m_commands; ///< by kind
};
