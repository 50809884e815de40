#pragma once

#include "account/settings.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QVBoxLayout;

/// A page of the settings dialog: groups of controls for some members of Settings.
///
/// The window's title is the page's name in the list.
class SettingsPage : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingsPage)

public:
    /// `symbol`: the icon's name, as of StateLook::symbol().
    SettingsPage(const QString &title, QString symbol, QWidget *parent = nullptr);

    [[nodiscard]] const QString &symbol() const { return m_symbol; }
    /// Shows its members in the controls.
    virtual void load(const Settings &settings) = 0;
    /// Writes its members, and no others, as the controls have them.
    virtual void store(Settings &settings) const = 0;

Q_SIGNALS:
    /// By the person. Each control's signal of that is connected to this.
    void edited();

protected:
    /// A group with a heading and rows of label and control; give each control its name with
    /// QFormLayout::addRow(text, control), which makes it the label's buddy.
    QFormLayout *addGroup(const QString &heading);
    /// As addGroup(), for what is no form.
    QVBoxLayout *addColumn(const QString &heading);
    /// Words below a control, smaller and wrapped.
    [[nodiscard]] QLabel *makeNote(const QString &text);

private:
    QString m_symbol;
    QVBoxLayout *m_column;
};
