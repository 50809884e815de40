#pragma once

#include "account/resultwords.h"
#include "guardian/connectiontest.h"

#include <QString>
#include <QUrl>
#include <QWidget>

#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class SignInForm;

/// What a person entered on the connect page, checked for its form.
struct ConnectEntry {
    QString name; ///< may be empty: the host's name then
    QString address;
    SignInEntry access;
    bool allowHttp = false;
};

/// The first run: asks for a server's address and how to sign in, says in words whether that works.
/// Knows no network: the test and the saving are asked for by signals, and their results told to
/// the page.
class ConnectPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectPage)

public:
    using Mood = ResultWords::Mood;

    /// The clock must outlive it.
    explicit ConnectPage(const Clock &clock, QWidget *parent = nullptr);

    /// Starts anew.
    void begin();
    /// Said below the token from now on: where it will be kept.
    void setStorageNote(const QString &note);
    /// Between the asking and the result, the page takes no other request.
    void setBusy(const QString &what);
    void setResult(Mood mood, const QString &headline, const QString &nextStep);
    void setError(const PollError &error);
    /// After a test that failed: the next click on Save saves all the same.
    void allowSavingAnyway();
    void setAddress(const QString &address);
    void focusSecret();
    /// Overwrites what the fields hold.
    void forgetSecrets();
    [[nodiscard]] bool isBusy() const { return m_busy; }

Q_SIGNALS:
    void testRequested(const ConnectEntry &entry);
    /// `anyway`: although the test of the same entry failed.
    void saveRequested(const ConnectEntry &entry, bool anyway);
    void cancelled();
    /// What is entered differs: a test that runs is of no use any more.
    void changed();

private:
    void build();
    [[nodiscard]] QWidget *buildForm();
    [[nodiscard]] std::optional<ConnectEntry> entry();
    void edited();
    void refreshConsent();
    void setIdle();
    void save();
    void test();
    [[nodiscard]] bool needsConsent() const;

    QLabel *m_heading;
    QLineEdit *m_address;
    QCheckBox *m_consent;
    SignInForm *m_signIn;
    QLineEdit *m_name;
    ResultWords *m_result;
    QPushButton *m_test;
    QPushButton *m_save;
    QPushButton *m_cancel;
    bool m_busy = false;
    bool m_saveAnyway = false;
};
