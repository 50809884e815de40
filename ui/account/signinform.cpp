#include "account/signinform.h"

#include "account/tokentext.h"
#include "base/clock.h"
#include "guardian/tokenclaims.h"
#include "task/taskwords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

namespace {

/// Overwrites what the field holds; clear() could be undone.
void forget(QLineEdit &field)
{
    field.setText(QString(field.text().size(), QLatin1Char('x')));
    field.setText({});
}

QLabel *wrapped(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

SignInForm::SignInForm(const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_lines(new QFormLayout)
    , m_way(new QComboBox(this))
    , m_token(new QLineEdit(this))
    , m_showToken(new QCheckBox(tr("S&how"), this))
    , m_tokenLine(new QWidget(this))
    , m_user(new QLineEdit(this))
    , m_password(new QLineEdit(this))
    , m_note(wrapped(this))
    , m_storageNote(wrapped(this))
{
    build();
    connect(m_way, &QComboBox::currentIndexChanged, this, [this] {
        refresh();
        Q_EMIT edited();
    });
    for (QLineEdit *field : {m_token, m_user, m_password}) {
        connect(field, &QLineEdit::textEdited, this, [this] {
            m_note->setText(note());
            Q_EMIT edited();
        });
        connect(field, &QLineEdit::returnPressed, this, &SignInForm::submitted);
    }
    connect(m_showToken, &QCheckBox::toggled, this, [this](bool shown) {
        m_token->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
    });
    begin({});
}

void SignInForm::build()
{
    m_way->addItem(tr("Refresh token (recommended)"));
    m_way->addItem(tr("User name and password"));
    m_way->addItem(tr("Access token"));
    m_way->setAccessibleName(tr("Sign in with"));
    m_token->setEchoMode(QLineEdit::Password);
    m_token->setAccessibleName(tr("Token"));
    m_user->setAccessibleName(tr("User name"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setAccessibleName(tr("Password"));
    m_storageNote->setObjectName(QStringLiteral("storageNote"));
    m_note->setObjectName(QStringLiteral("note"));

    auto *line = new QHBoxLayout(m_tokenLine);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_token, 1);
    line->addWidget(m_showToken);
    auto *tokenLabel = new QLabel(tr("T&oken:"), this);
    tokenLabel->setBuddy(m_token);
    m_lines->setSpacing(8);
    m_lines->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_lines->addRow(tr("Sign &in with:"), m_way);
    m_lines->addRow(tokenLabel, m_tokenLine);
    m_lines->addRow(tr("&User name:"), m_user);
    m_lines->addRow(tr("&Password:"), m_password);
    // Not among the lines: a form layout cuts wrapped words off once a line was hidden (Qt 6.4).
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(m_lines);
    column->addWidget(m_note);
    column->addWidget(m_storageNote);
    setFocusProxy(m_token);
}

void SignInForm::begin(const QString &account)
{
    forgetSecrets();
    m_user->setText(account);
    m_showToken->setChecked(false);
    refresh();
}

SignInForm::Way SignInForm::way() const
{
    return static_cast<Way>(m_way->currentIndex());
}

void SignInForm::setWay(Way way)
{
    m_way->setCurrentIndex(static_cast<int>(way));
}

void SignInForm::setStorageNote(const QString &note)
{
    m_storageNote->setText(note);
}

void SignInForm::focusSecret()
{
    if (way() != Way::Password)
        m_token->setFocus();
    else
        (m_user->text().isEmpty() ? m_user : m_password)->setFocus();
}

void SignInForm::forgetSecrets()
{
    forget(*m_token);
    forget(*m_password);
}

void SignInForm::refresh()
{
    const bool byPassword = way() == Way::Password;
    m_lines->setRowVisible(m_tokenLine, !byPassword);
    m_lines->setRowVisible(m_user, byPassword);
    m_lines->setRowVisible(m_password, byPassword);
    m_token->setPlaceholderText(way() == Way::AccessToken ? tr("Paste your access token")
                                                          : tr("Paste your refresh token"));
    m_note->setText(note());
}

/// What the way means; for a token that is something else than was asked for, what it is.
QString SignInForm::note() const
{
    if (way() == Way::Password) {
        return tr("The password is used once, to get a refresh token, and is not kept. Old "
                  "Guardian servers end your other sessions when you sign in.");
    }
    const auto token = tokenFromText(m_token->text());
    const TokenClaims claims = token ? tokenClaims(*token) : TokenClaims();
    const bool isAskedForRefresh = way() == Way::RefreshToken;
    if (!token || token->isEmpty()) {
        return isAskedForRefresh
                   ? tr("Keeps you signed in for weeks: Taskwatch gets itself new access with it.")
                   : tr("Guardian's own last about a minute. Of use where a server gives tokens "
                        "that last.");
    }
    switch (claims.kind) {
    case TokenClaims::Kind::Refresh:
        return isAskedForRefresh ? tr("This is a refresh token.")
                                 : tr("This is a refresh token; it will be used to renew access.");
    case TokenClaims::Kind::Access:
        if (isAskedForRefresh) {
            return tr("This is an access token; it will be used as it is, and not renewed when it "
                      "ends.");
        }
        return tr("This is an access token.");
    case TokenClaims::Kind::Opaque:
        return tr("This token says nothing of itself; it will be used as it is.");
    }
    Q_UNREACHABLE();
}

tl::expected<SignInEntry, SignInForm::Problem> SignInForm::entry()
{
    auto result = way() == Way::Password ? passwordEntry() : tokenEntry();
    if (!result)
        focusSecret();
    return result;
}

tl::expected<SignInEntry, SignInForm::Problem> SignInForm::tokenEntry()
{
    auto token = tokenFromText(m_token->text());
    if (!token || token->isEmpty()) {
        return tl::unexpected(
            Problem{tr("The token cannot be used."),
                    token ? tr("Paste a token of your Guardian account.") : token.error()});
    }
    const TokenClaims claims = tokenClaims(*token);
    const QDateTime now = m_clock.now().wall;
    // An hour for clocks that differ: the server decides.
    if (claims.expireAt && claims.expireAt->addSecs(3600) < now) {
        return tl::unexpected(Problem{
            tr("This token ended on %1.")
                .arg(QLocale().toString(claims.expireAt->toLocalTime(), QLocale::ShortFormat)),
            tr("Copy a fresh one, or sign in with user name and password.")});
    }
    SignInEntry entry;
    if (claims.kind == TokenClaims::Kind::Refresh)
        entry.credentials.refreshToken = std::move(*token);
    else
        entry.credentials.accessToken = std::move(*token);
    return entry;
}

tl::expected<SignInEntry, SignInForm::Problem> SignInForm::passwordEntry()
{
    if (m_user->text().trimmed().isEmpty() || m_password->text().isEmpty()) {
        return tl::unexpected(Problem{tr("User name or password is missing."),
                                      tr("Enter those that you open Guardian with.")});
    }
    SignInEntry entry;
    entry.user = m_user->text().trimmed();
    entry.password = Secret(m_password->text().toUtf8());
    return entry;
}
