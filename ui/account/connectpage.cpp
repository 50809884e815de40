#include "account/connectpage.h"

#include "account/signinform.h"
#include "guardian/apiroot.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace {

constexpr int pageWidth = 560;

/// Gives the labels of several forms, one below the other, one column; hidden rows count, so that
/// nothing moves when they are shown.
void alignLabels(const QList<QFormLayout *> &forms)
{
    QList<QLabel *> labels;
    for (const QFormLayout *form : forms) {
        for (int row = 0; row < form->rowCount(); ++row) {
            QLayoutItem *const item = form->itemAt(row, QFormLayout::LabelRole);
            if (auto *label = item ? qobject_cast<QLabel *>(item->widget()) : nullptr) {
                label->setAlignment(form->labelAlignment() | Qt::AlignVCenter);
                labels.append(label);
            }
        }
    }
    int widest = 0;
    for (const QLabel *label : std::as_const(labels))
        widest = std::max(widest, label->sizeHint().width());
    for (QLabel *label : std::as_const(labels))
        label->setMinimumWidth(widest);
}

} // namespace

ConnectPage::ConnectPage(const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_heading(new QLabel(this))
    , m_address(new QLineEdit(this))
    , m_consent(new QCheckBox(tr("Send the token over &unencrypted http"), this))
    , m_signIn(new SignInForm(clock, this))
    , m_name(new QLineEdit(this))
    , m_result(new ResultWords(this))
    , m_test(new QPushButton(tr("&Test Connection"), this))
    , m_save(new QPushButton(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    build();
    for (QLineEdit *field : {m_address, m_name}) {
        connect(field, &QLineEdit::textEdited, this, &ConnectPage::edited);
        connect(field, &QLineEdit::returnPressed, this, &ConnectPage::save);
    }
    connect(m_consent, &QCheckBox::toggled, this, &ConnectPage::edited);
    connect(m_signIn, &SignInForm::edited, this, &ConnectPage::edited);
    connect(m_signIn, &SignInForm::submitted, this, &ConnectPage::save);
    connect(m_test, &QPushButton::clicked, this, &ConnectPage::test);
    connect(m_save, &QPushButton::clicked, this, &ConnectPage::save);
    connect(m_cancel, &QPushButton::clicked, this, &ConnectPage::cancelled);
    begin();
}

void ConnectPage::build()
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Connect to a server"));
    QFont heading = font();
    heading.setPointSizeF(heading.pointSizeF() * 1.4);
    m_heading->setFont(heading);
    m_heading->setWordWrap(true);
    m_heading->setTextFormat(Qt::PlainText);
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
    lines->addWidget(m_result);
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
    m_name->setAccessibleName(tr("Name"));
    m_name->setPlaceholderText(tr("Optional, e.g. Production"));

    auto *lines = new QFormLayout(form);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    lines->setSpacing(8);
    lines->addRow(tr("&Address:"), m_address);
    lines->addRow(QString(), m_consent);
    lines->addRow(m_signIn);
    lines->addRow(tr("&Name:"), m_name);
    alignLabels({lines, &m_signIn->lines()});
    return form;
}

void ConnectPage::begin()
{
    m_heading->setText(tr("Connect to a Guardian server"));
    m_address->clear();
    m_name->clear();
    m_consent->setChecked(false);
    m_signIn->begin({});
    edited();
    m_address->setFocus();
}

void ConnectPage::setStorageNote(const QString &note)
{
    m_signIn->setStorageNote(note);
}

void ConnectPage::setBusy(const QString &what)
{
    m_result->set(Mood::Neutral, what, {});
    m_busy = true;
    m_test->setEnabled(false);
    m_save->setEnabled(false);
}

void ConnectPage::setIdle()
{
    m_busy = false;
    m_test->setEnabled(true);
    m_save->setEnabled(true);
}

void ConnectPage::setResult(Mood mood, const QString &headline, const QString &nextStep)
{
    setIdle();
    m_result->set(mood, headline, nextStep);
}

void ConnectPage::setError(const PollError &error)
{
    setIdle();
    m_result->setError(error);
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

void ConnectPage::focusSecret()
{
    m_signIn->focusSecret();
}

void ConnectPage::forgetSecrets()
{
    m_signIn->forgetSecrets();
}

void ConnectPage::edited()
{
    m_saveAnyway = false;
    m_save->setText(tr("Connect"));
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
    auto access = m_signIn->entry();
    if (!access) {
        setResult(Mood::Bad, access.error().headline, access.error().nextStep);
        return std::nullopt;
    }
    return ConnectEntry{m_name->text().trimmed(), address, std::move(*access),
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
