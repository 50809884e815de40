#pragma once

#include "guardian/connectiontest.h"

#include <QDialog>
#include <QPointer>

class QPushButton;
class ResultWords;
class SignInForm;

/// Which server one signs in to.
struct SignInTarget {
    QString name;
    ApiRoot root;
    NetworkSettings network;
    QString account;            ///< the user name that is offered
    Secret proxyPassword;       ///< as stored
    QString storageNote;        ///< where the tokens will be kept
    bool byAccessToken = false; ///< the way of last time
};

/// Signs in to one server and says in words why that does not go. Closes when it did.
///
/// It can be closed at any time. What it entered is forgotten then; only where a password is on its
/// way it waits, unseen, for the tokens that the server may give for it: on old servers that has
/// ended all other sessions, and nobody else would know them.
class SignInDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SignInDialog)

public:
    /// The clock must outlive it.
    SignInDialog(SignInTarget target, const Clock &clock, QWidget *parent = nullptr);
    ~SignInDialog() override;

Q_SIGNALS:
    /// With the proxy's password as it was. Comes although they could not be tried out, too, where
    /// a password gave them: on old servers that has ended all others.
    void signedIn(const Credentials &credentials, const SessionStatus &session);
    /// It is closed and waits for nothing: once, the last of all.
    void ended();

private:
    void signIn();
    void takeResult(const ConnectionTest::Result &result);
    void takeClosing();
    void sayUnchecked(const PollError &error);
    void setBusy(bool busy);
    void growToWords();

    SignInTarget m_target;
    const Clock &m_clock;
    SignInForm *m_form;
    ResultWords *m_result;
    QPushButton *m_signIn;
    QPushButton *m_cancel;
    QPointer<ConnectionTest> m_test;
    bool m_byPassword = false; ///< what m_test tries
    bool m_closed = false;
};
