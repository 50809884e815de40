#include "account/connectpage.h"

#include "account/serverprofile.h"
#include "account/tokentext.h"
#include "guardian/apiroot.h"
#include "statelook.h"

#include <QCheckBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace {

constexpr int pageWidth = 560;

QLabel *wrapped(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

ConnectPage::ConnectPage(QWidget *parent)
    : QWidget(parent)
    , m_heading(wrapped(this))
    , m_address(new QLineEdit(this))
    , m_token(new QLineEdit(this))
    , m_showToken(new QCheckBox(tr("S&how"), this))
    , m_storageNote(wrapped(this))
    , m_name(new QLineEdit(this))
    , m_consent(new QCheckBox(tr("Send the token over &unencrypted http"), this))
    , m_resultIcon(new QLabel(this))
    , m_headline(wrapped(this))
    , m_nextStep(wrapped(this))
    , m_test(new QPushButton(tr("&Test Connection"), this))
    , m_save(new QPushButton(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    build();
    for (QLineEdit *field : {m_address, m_token, m_name}) {
        connect(field, &QLineEdit::textEdited, this, &ConnectPage::edited);
        connect(field, &QLineEdit::returnPressed, this, &ConnectPage::save);
    }
    connect(m_consent, &QCheckBox::toggled, this, &ConnectPage::edited);
    connect(m_showToken, &QCheckBox::toggled, this, [this](bool shown) {
        m_token->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
    });
    connect(m_test, &QPushButton::clicked, this, &ConnectPage::test);
    connect(m_save, &QPushButton::clicked, this, &ConnectPage::save);
    connect(m_cancel, &QPushButton::clicked, this, &ConnectPage::cancelled);
    begin(nullptr, false);
}

void ConnectPage::build()
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Connect to a server"));
    QFont heading = font();
    heading.setPointSizeF(heading.pointSizeF() * 1.4);
    m_heading->setFont(heading);
    QFont bold = font();
    bold.setBold(true);
    m_headline->setFont(bold);
    m_headline->setObjectName(QStringLiteral("headline"));
    m_nextStep->setObjectName(QStringLiteral("nextStep"));
    m_resultIcon->setAlignment(Qt::AlignTop);
    m_resultIcon->setFixedWidth(style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this));

    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_headline);
    words->addWidget(m_nextStep);
    auto *result = new QHBoxLayout;
    result->setSpacing(8);
    result->addWidget(m_resultIcon, 0, Qt::AlignTop);
    result->addLayout(words, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_test);
    buttons->addStretch();
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_save);

    auto *column = new QWidget(this);
    column->setMaximumWidth(pageWidth);
    auto *lines = new QVBoxLayout(column);
    lines->setSpacing(16);
    lines->addWidget(m_heading);
    lines->addWidget(buildForm());
    lines->addLayout(buttons);
    lines->addLayout(result);
    auto *outer = new QHBoxLayout;
    outer->addStretch(1);
    outer->addWidget(column, 100); // as wide as it may, in the middle
    outer->addStretch(1);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(24, 24, 24, 24);
    page->addStretch(1);
    page->addLayout(outer);
    page->addStretch(2);
}

QWidget *ConnectPage::buildForm()
{
    auto *form = new QWidget(this);
    m_address->setPlaceholderText(tr("guardian.example.com"));
    m_address->setAccessibleName(tr("Address"));
    m_address->setToolTip(tr("The web site's address, or the address of its API"));
    m_token->setEchoMode(QLineEdit::Password);
    m_token->setAccessibleName(tr("Token"));
    m_name->setAccessibleName(tr("Name"));
    m_storageNote->setObjectName(QStringLiteral("storageNote"));

    auto *token = new QHBoxLayout;
    token->setSpacing(8);
    token->addWidget(m_token, 1);
    token->addWidget(m_showToken);
    auto *tokenLabel = new QLabel(tr("T&oken:"), form);
    tokenLabel->setBuddy(m_token);
    auto *lines = new QFormLayout(form);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    lines->setSpacing(8);
    lines->addRow(tr("&Address:"), m_address);
    lines->addRow(QString(), m_consent);
    lines->addRow(tokenLabel, token);
    lines->addRow(QString(), m_storageNote);
    lines->addRow(tr("&Name:"), m_name);
    return form;
}

void ConnectPage::begin(const ServerProfile *existing, bool hasToken)
{
    m_knownRoot = existing ? existing->apiRoot : QUrl();
    m_hasToken = hasToken;
    m_heading->setText(existing ? tr("Server") : tr("Connect to a Guardian server"));
    m_address->setText(existing ? existing->address : QString());
    m_name->setText(existing ? existing->name : QString());
    m_name->setPlaceholderText(tr("Optional, e.g. Production"));
    m_consent->setChecked(existing && existing->allowHttp);
    m_showToken->setChecked(false);
    forgetToken();
    m_token->setPlaceholderText(hasToken ? tr("Leave empty to keep the stored token")
                                         : tr("Paste your access token"));
    m_save->setText(existing ? tr("Save") : tr("Connect"));
    edited();
    (existing ? m_token : m_address)->setFocus();
}

void ConnectPage::setStorageNote(const QString &note)
{
    m_storageNote->setText(note);
}

void ConnectPage::setBusy(const QString &what)
{
    setResult(Mood::Neutral, what, {});
    m_busy = true;
    m_test->setEnabled(false);
    m_save->setEnabled(false);
}

void ConnectPage::setResult(Mood mood, const QString &headline, const QString &nextStep)
{
    m_busy = false;
    m_mood = mood;
    m_headline->setText(headline);
    m_nextStep->setText(nextStep);
    m_test->setEnabled(true);
    m_save->setEnabled(true);
    refreshMood();
}

void ConnectPage::allowSavingAnyway()
{
    m_saveAnyway = true;
    m_save->setText(tr("Save Anyway"));
}

void ConnectPage::setAddress(const QString &address)
{
    m_address->setText(address);
    edited();
}

void ConnectPage::focusToken()
{
    m_token->setFocus();
}

void ConnectPage::forgetToken()
{
    m_token->setText(QString(m_token->text().size(), QLatin1Char('x')));
    m_token->setText({}); // clear() could be undone
}

void ConnectPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshMood();
}

void ConnectPage::edited()
{
    if (m_saveAnyway) {
        m_saveAnyway = false;
        m_save->setText(m_knownRoot.isEmpty() ? tr("Connect") : tr("Save"));
    }
    refreshConsent();
    setResult(Mood::Neutral, {}, {});
    Q_EMIT changed();
}

bool ConnectPage::needsConsent() const
{
    const QString address = m_address->text().trimmed();
    return address.startsWith(QLatin1String("http://"), Qt::CaseInsensitive)
           && !isLoopback(QUrl(address));
}

void ConnectPage::refreshConsent()
{
    m_consent->setVisible(needsConsent());
}

void ConnectPage::refreshMood()
{
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    switch (m_mood) {
    case Mood::Neutral:
        m_resultIcon->clear();
        return;
    case Mood::Good:
        m_resultIcon->setPixmap(
            StateLook::icon(Outcome::Completed, false, palette()).pixmap(size, size));
        return;
    case Mood::Bad:
        m_resultIcon->setPixmap(
            StateLook::icon(Outcome::Failed, false, palette()).pixmap(size, size));
        return;
    }
}

std::optional<ConnectEntry> ConnectPage::entry()
{
    const QString address = m_address->text().trimmed();
    if (address.isEmpty()) {
        setResult(Mood::Bad, tr("The address is missing."),
                  tr("Enter the address that you open Guardian with."));
        m_address->setFocus();
        return std::nullopt;
    }
    if (const auto candidates = apiRootCandidates(address); !candidates) {
        setResult(Mood::Bad, tr("This address cannot be used."), candidates.error());
        m_address->setFocus();
        return std::nullopt;
    }
    if (needsConsent() && !m_consent->isChecked()) {
        setResult(Mood::Bad, tr("The connection would not be encrypted."),
                  tr("Anybody on the way could read the token. Use https, or tick the box."));
        m_consent->setFocus();
        return std::nullopt;
    }
    auto token = tokenFromText(m_token->text());
    if (!token || (token->isEmpty() && !m_hasToken)) {
        setResult(Mood::Bad, tr("The token cannot be used."),
                  token ? tr("Paste the access token of your Guardian account.") : token.error());
        m_token->setFocus();
        return std::nullopt;
    }
    return ConnectEntry{m_name->text().trimmed(), address, std::move(*token),
                        needsConsent() && m_consent->isChecked()};
}

void ConnectPage::test()
{
    if (const auto entered = m_busy ? std::nullopt : entry())
        Q_EMIT testRequested(*entered);
}

void ConnectPage::save()
{
    const bool anyway = m_saveAnyway;
    if (const auto entered = m_busy ? std::nullopt : entry())
        Q_EMIT saveRequested(*entered, anyway);
}
