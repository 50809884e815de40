#include "account/signindialog.h"

#include "account/resultwords.h"
#include "account/signinform.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

SignInDialog::SignInDialog(SignInTarget target, const Clock &clock, QWidget *parent)
    : QDialog(parent)
    , m_target(std::move(target))
    , m_clock(clock)
    , m_form(new SignInForm(clock, this))
    , m_result(new ResultWords(this))
    , m_signIn(new QPushButton(tr("Sign In"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setWindowTitle(tr("Sign In"));
    auto *heading = new QLabel(tr("Sign in to %1").arg(m_target.name), this);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    heading->setFont(large);
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    auto *address = new QLabel(m_target.root.url().toDisplayString(), this);
    address->setTextFormat(Qt::PlainText);
    address->setTextInteractionFlags(Qt::TextSelectableByMouse);
    address->setWordWrap(true);
    m_form->begin(m_target.account);
    m_form->setStorageNote(m_target.storageNote);
    if (m_target.byAccessToken)
        m_form->setWay(SignInForm::Way::AccessToken);

    auto *buttons = new QDialogButtonBox(this);
    buttons->addButton(m_cancel, QDialogButtonBox::RejectRole);
    buttons->addButton(m_signIn, QDialogButtonBox::AcceptRole);
    m_signIn->setDefault(true);
    // The focus comes there while the fields are disabled, and a Return on its way with it.
    m_cancel->setAutoDefault(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    auto *head = new QVBoxLayout;
    head->setSpacing(4);
    head->addWidget(heading);
    head->addWidget(address);
    column->addLayout(head);
    column->addWidget(m_form);
    column->addWidget(m_result);
    column->addStretch();
    column->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 80);

    connect(m_signIn, &QPushButton::clicked, this, &SignInDialog::signIn);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::finished, this, &SignInDialog::takeClosing);
    connect(m_form, &SignInForm::submitted, this, &SignInDialog::signIn);
    connect(m_form, &SignInForm::edited, m_result, &ResultWords::clear);
    connect(m_form, &SignInForm::edited, this, &SignInDialog::growToWords);
    m_form->focusSecret();
    growToWords();
}

SignInDialog::~SignInDialog()
{
    m_form->forgetSecrets();
}

void SignInDialog::signIn()
{
    if (m_test)
        return;
    auto entry = m_form->entry();
    if (!entry) {
        m_result->set(ResultWords::Mood::Bad, entry.error().headline, entry.error().nextStep);
        growToWords();
        return;
    }
    entry->credentials.proxyPassword = m_target.proxyPassword;
    m_byPassword = !entry->password.isEmpty();
    setBusy(true);
    m_test = new ConnectionTest(m_target.network, m_clock, this);
    connect(m_test, &ConnectionTest::finished, this, &SignInDialog::takeResult);
    m_test->startAt(m_target.root, *entry);
}

void SignInDialog::takeResult(const ConnectionTest::Result &result)
{
    m_test->deleteLater();
    m_test.clear();
    if (m_closed) {
        if (result.byPassword)
            Q_EMIT signedIn(result.credentials, result.session);
        Q_EMIT ended();
        return;
    }
    setBusy(false);
    if (result.wrongPassword) {
        m_result->set(ResultWords::Mood::Bad, tr("User name or password is wrong."),
                      tr("The server knows no such pair. Check both."));
        m_form->focusSecret();
    } else if (result.error && result.error->kind == PollError::Kind::SignInNeeded) {
        m_result->set(ResultWords::Mood::Bad, tr("The server refused the token."),
                      tr("It may have ended, or be another server's. Copy a fresh one, or take "
                         "another way to sign in."));
        m_form->focusSecret();
    } else if (result.error && result.byPassword) {
        Q_EMIT signedIn(result.credentials, result.session);
        sayUnchecked(*result.error);
    } else if (result.error) {
        m_result->setError(*result.error);
        m_form->focusSecret();
    } else {
        m_form->forgetSecrets();
        Q_EMIT signedIn(result.credentials, result.session);
        accept();
    }
    growToWords();
}

void SignInDialog::takeClosing()
{
    m_closed = true;
    m_form->forgetSecrets();
    if (m_test && m_byPassword)
        return;
    delete m_test;
    Q_EMIT ended();
}

/// Nothing is left to be done here.
void SignInDialog::sayUnchecked(const PollError &error)
{
    const PollErrorText words = describe(error);
    m_result->set(
        ResultWords::Mood::Neutral,
        tr("You are signed in, but that could not be tried out: %1").arg(words.headline),
        tr("The token is kept, and used as soon as it goes again. %1").arg(words.nextStep));
    m_form->forgetSecrets();
    m_form->setEnabled(false);
    m_signIn->hide();
    m_cancel->setText(tr("Close"));
    m_cancel->setDefault(true);
    m_cancel->setFocus();
}

/// Wrapped words never have less room than they need; nothing shrinks under the pointer.
void SignInDialog::growToWords()
{
    for (QWidget *part : {static_cast<QWidget *>(m_form), static_cast<QWidget *>(m_result)})
        part->layout()->activate(); // what they need is known to our own layout only then
    layout()->activate();
    const int wide = qMax(width(), minimumWidth());
    resize(wide, qMax(height(), layout()->totalHeightForWidth(wide)));
}

void SignInDialog::setBusy(bool busy)
{
    m_form->setEnabled(!busy);
    m_signIn->setEnabled(!busy);
    const bool goesOn = busy && m_byPassword;
    m_cancel->setText(goesOn ? tr("Close") : tr("Cancel")); // a password that is sent is not unsent
    if (!busy)
        return;
    m_result->set(ResultWords::Mood::Neutral, tr("Signing in…"),
                  goesOn ? tr("You may close this: the token that the server gives is kept.")
                         : QString());
    growToWords();
}
