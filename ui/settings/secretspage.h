#pragma once

#include "settings/settingspage.h"

class QPushButton;
class QTableWidget;

/// What is masked in results, by action, where it is not as usual.
class SecretsPage final : public SettingsPage
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SecretsPage)

public:
    explicit SecretsPage(QWidget *parent = nullptr);

    void load(const Settings &settings) override;
    void store(Settings &settings) const override;

private:
    void addRow(const QString &action, SecretRule rule);
    void add();
    void remove();
    void refreshButtons();

    QTableWidget *m_table; ///< a rule's cell is a combo box
    QPushButton *m_remove;
};
