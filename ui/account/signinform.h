#pragma once

#include "guardian/connectiontest.h"

#include <QWidget>

#include <tl/expected.hpp>

class Clock;
class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;

/// Asks how to get in: with a refresh token, with user name and password, or with an access token.
/// Says what a pasted token is, where it is not what was asked for.
class SignInForm final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SignInForm)

public:
    enum class Way { RefreshToken, Password, AccessToken };

    /// What is wrong with the entry, in words.
    struct Problem {
        QString headline;
        QString nextStep;
    };

    /// The clock must outlive it.
    explicit SignInForm(const Clock &clock, QWidget *parent = nullptr);

    /// Empties it. `account`: the user name that is offered.
    void begin(const QString &account);
    void setWay(Way way);
    [[nodiscard]] Way way() const;
    /// Said from now on: where the tokens will be kept.
    void setStorageNote(const QString &note);
    /// Moves the focus to what is wrong, if anything is.
    [[nodiscard]] tl::expected<SignInEntry, Problem> entry();
    void focusSecret();
    /// To line its labels up with others.
    [[nodiscard]] QFormLayout &lines() { return *m_lines; }
    /// Overwrites what the fields hold.
    void forgetSecrets();

Q_SIGNALS:
    void edited();
    void submitted(); ///< Enter in a field

private:
    void build();
    void refresh();
    [[nodiscard]] QString note() const;
    [[nodiscard]] tl::expected<SignInEntry, Problem> tokenEntry();
    [[nodiscard]] tl::expected<SignInEntry, Problem> passwordEntry();

    const Clock &m_clock;
    QFormLayout *m_lines;
    QComboBox *m_way;
    QLineEdit *m_token;
    QCheckBox *m_showToken;
    QWidget *m_tokenLine;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QLabel *m_note;
    QLabel *m_storageNote;
};
