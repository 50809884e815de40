#pragma once

#include "account/serverprofile.h"
#include "base/secret.h"

#include <QWidget>

#include <tl/expected.hpp>

#include <optional>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

/// Everything that can be set of a server. Holds what is typed, right or wrong, until it is told
/// otherwise.
class ServerForm final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerForm)

public:
    /// What is typed, whatever it is worth.
    struct Draft {
        ServerProfile profile;               ///< its apiRoot is of the address before
        std::optional<Secret> proxyPassword; ///< absent: the stored one stays

        friend bool operator==(const Draft &, const Draft &) = default;
    };
    /// What is wrong with it, in words.
    struct Problem {
        QString headline;
        QString nextStep;
    };

    explicit ServerForm(QWidget *parent = nullptr);

    void show(const Draft &draft);
    [[nodiscard]] Draft draft() const;
    /// Moves the focus to what is wrong, if anything is.
    [[nodiscard]] std::optional<Problem> problem();
    void focusAddress();

Q_SIGNALS:
    void edited();
    void submitted(); ///< Enter in a field

private:
    void build();
    void announce();
    void refresh();
    void chooseCaFile();
    [[nodiscard]] bool hasOwnProxy() const;
    [[nodiscard]] bool isOpenHttp() const;

    ServerProfile m_shown;
    bool m_passwordEdited = false;
    bool m_showing = false; ///< what changes now was not typed
    QFormLayout *m_lines;
    QLineEdit *m_name;
    QLineEdit *m_address;
    QCheckBox *m_allowHttp;
    QLineEdit *m_account;
    QComboBox *m_colourMark;
    QSpinBox *m_requests;
    QLineEdit *m_caFile;
    QWidget *m_caLine;
    QComboBox *m_proxy;
    QWidget *m_proxyAddress;
    QLineEdit *m_proxyHost;
    QSpinBox *m_proxyPort;
    QLineEdit *m_proxyUser;
    QLineEdit *m_proxyPassword;
    QComboBox *m_discovery;
    QCheckBox *m_push;
    QCheckBox *m_notifications;
};
