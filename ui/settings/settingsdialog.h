#pragma once

#include "account/settings.h"

#include <QDialog>

class QDialogButtonBox;
class QListWidget;
class QStackedWidget;
class SettingsPage;

/// Ctrl+,: a list of pages over one Settings. Nothing takes effect before OK or Apply.
class SettingsDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingsDialog)

public:
    explicit SettingsDialog(Settings settings, QWidget *parent = nullptr);

    /// Takes the page over. The first one is shown at first.
    void addPage(SettingsPage *page);
    /// As the controls have it now.
    [[nodiscard]] Settings settings() const;
    /// As it is in force now: members without a page may change while the dialog is open.
    void setCurrent(const Settings &settings) { m_applied = settings; }

Q_SIGNALS:
    /// To be put in force and kept.
    void applied(const Settings &settings);

protected:
    void changeEvent(QEvent *event) override;

private:
    void refreshIcons();
    void refreshButtons();
    void apply();
    void restoreDefaults();

    Settings m_applied;
    QList<SettingsPage *> m_all;
    QListWidget *m_list;
    QStackedWidget *m_pages;
    QDialogButtonBox *m_buttons;
};
