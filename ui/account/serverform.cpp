#include "account/serverform.h"

#include "account/colourmark.h"
#include "account/serverconfigs.h"
#include "guardian/apiroot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace {

constexpr int largestPort = 65'535;

} // namespace

ServerForm::ServerForm(QWidget *parent)
    : QWidget(parent)
    , m_lines(new QFormLayout(this))
    , m_name(new QLineEdit(this))
    , m_address(new QLineEdit(this))
    , m_allowHttp(new QCheckBox(tr("Send tokens over &unencrypted http"), this))
    , m_account(new QLineEdit(this))
    , m_colourMark(new QComboBox(this))
    , m_requests(new QSpinBox(this))
    , m_caFile(new QLineEdit(this))
    , m_caLine(new QWidget(this))
    , m_proxy(new QComboBox(this))
    , m_proxyAddress(new QWidget(this))
    , m_proxyHost(new QLineEdit(this))
    , m_proxyPort(new QSpinBox(this))
    , m_proxyUser(new QLineEdit(this))
    , m_proxyPassword(new QLineEdit(this))
    , m_discovery(new QComboBox(this))
    , m_push(new QCheckBox(tr("Take &push messages of this server"), this))
    , m_notifications(new QCheckBox(tr("&Notifications for tasks of this server"), this))
{
    build();
    for (QLineEdit *field :
         {m_name, m_address, m_account, m_caFile, m_proxyHost, m_proxyUser, m_proxyPassword}) {
        connect(field, &QLineEdit::textChanged, this, &ServerForm::announce);
        connect(field, &QLineEdit::returnPressed, this, &ServerForm::submitted);
    }
    connect(m_proxyPassword, &QLineEdit::textEdited, this, [this] { m_passwordEdited = true; });
    for (QComboBox *choice : {m_colourMark, m_proxy, m_discovery})
        connect(choice, &QComboBox::currentIndexChanged, this, &ServerForm::announce);
    for (QSpinBox *number : {m_requests, m_proxyPort})
        connect(number, &QSpinBox::valueChanged, this, &ServerForm::announce);
    for (QCheckBox *box : {m_allowHttp, m_push, m_notifications})
        connect(box, &QCheckBox::toggled, this, &ServerForm::announce);
}

void ServerForm::build()
{
    m_address->setPlaceholderText(tr("guardian.example.com"));
    m_address->setToolTip(tr("The web site's address, or the address of its API"));
    m_name->setPlaceholderText(tr("The host's name, if empty"));
    m_account->setPlaceholderText(tr("Your user name there; offered when you sign in"));
    m_requests->setRange(1, ServerProfile::maxRequestsPerSecond);
    m_requests->setSuffix(tr(" per second at most"));
    m_caFile->setPlaceholderText(tr("PEM file; trusted besides the system's"));
    m_proxyHost->setPlaceholderText(tr("proxy.example.com"));
    m_proxyPort->setRange(1, largestPort);
    m_proxyPassword->setEchoMode(QLineEdit::Password);
    for (int mark = 0; mark < ServerProfile::colourMarks; ++mark)
        m_colourMark->addItem(ColourMark::icon(mark, palette()), ColourMark::name(mark));
    m_proxy->addItems(
        {tr("As the desktop says"), tr("None"), tr("HTTP proxy"), tr("SOCKS5 proxy")});
    m_discovery->addItems({tr("Leave alone"), tr("Offer to watch"), tr("Watch at once")});

    const auto nameOf = [](QWidget *widget, const QString &name) {
        widget->setAccessibleName(name);
    };
    nameOf(m_name, tr("Name"));
    nameOf(m_address, tr("Address"));
    nameOf(m_account, tr("Account"));
    nameOf(m_colourMark, tr("Colour mark"));
    nameOf(m_requests, tr("Requests"));
    nameOf(m_caFile, tr("CA file"));
    nameOf(m_proxy, tr("Proxy"));
    nameOf(m_proxyHost, tr("Proxy host"));
    nameOf(m_proxyPort, tr("Proxy port"));
    nameOf(m_proxyUser, tr("Proxy user"));
    nameOf(m_proxyPassword, tr("Proxy password"));
    nameOf(m_discovery, tr("Running tasks of yours"));

    auto *browse = new QPushButton(tr("&Browse…"), m_caLine);
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, &ServerForm::chooseCaFile);
    const auto inLine = [](QWidget *line, QWidget *wide, QWidget *beside) {
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(8);
        row->addWidget(wide, 1);
        row->addWidget(beside);
    };
    inLine(m_caLine, m_caFile, browse);
    inLine(m_proxyAddress, m_proxyHost, m_proxyPort);

    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(8);
    m_lines->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_lines->addRow(tr("Na&me:"), m_name);
    m_lines->addRow(tr("&Address:"), m_address);
    m_lines->addRow(QString(), m_allowHttp);
    m_lines->addRow(tr("A&ccount:"), m_account);
    m_lines->addRow(tr("Colour mar&k:"), m_colourMark);
    m_lines->addRow(tr("&Requests:"), m_requests);
    m_lines->addRow(tr("CA &file:"), m_caLine);
    m_lines->addRow(tr("Pro&xy:"), m_proxy);
    m_lines->addRow(tr("Proxy &host, port:"), m_proxyAddress);
    m_lines->addRow(tr("Proxy us&er:"), m_proxyUser);
    m_lines->addRow(tr("Proxy pass&word:"), m_proxyPassword);
    m_lines->addRow(tr("Running &tasks of yours:"), m_discovery);
    m_lines->addRow(QString(), m_push);
    m_lines->addRow(QString(), m_notifications);
}

void ServerForm::show(const Draft &draft)
{
    m_showing = true;
    const ServerProfile &profile = draft.profile;
    m_shown = profile;
    m_passwordEdited = draft.proxyPassword.has_value();
    m_name->setText(profile.name);
    m_address->setText(profile.address);
    m_allowHttp->setChecked(profile.allowHttp);
    m_account->setText(profile.account);
    m_colourMark->setCurrentIndex(profile.colourMark);
    m_requests->setValue(profile.requestsPerSecond);
    m_caFile->setText(profile.caFile);
    m_proxy->setCurrentIndex(static_cast<int>(profile.proxy.kind));
    m_proxyHost->setText(profile.proxy.host);
    m_proxyPort->setValue(profile.proxy.port > 0 ? profile.proxy.port : 8080);
    m_proxyUser->setText(profile.proxy.user);
    m_proxyPassword->setText(draft.proxyPassword ? QString::fromUtf8(draft.proxyPassword->reveal())
                                                 : QString());
    m_proxyPassword->setPlaceholderText(tr("Leave empty to keep the stored one"));
    m_discovery->setCurrentIndex(static_cast<int>(profile.discovery));
    m_push->setChecked(profile.push);
    m_notifications->setChecked(profile.notifications);
    m_showing = false;
    refresh();
}

ServerForm::Draft ServerForm::draft() const
{
    Draft draft{m_shown, {}};
    ServerProfile &profile = draft.profile;
    profile.name = m_name->text().trimmed();
    profile.address = m_address->text().trimmed();
    profile.allowHttp = m_allowHttp->isChecked() && isOpenHttp();
    profile.account = m_account->text().trimmed();
    profile.colourMark = m_colourMark->currentIndex();
    profile.requestsPerSecond = m_requests->value();
    profile.caFile = m_caFile->text().trimmed();
    profile.proxy.kind = static_cast<ProxyChoice::Kind>(m_proxy->currentIndex());
    profile.proxy.host = hasOwnProxy() ? m_proxyHost->text().trimmed() : QString();
    profile.proxy.port = hasOwnProxy() ? m_proxyPort->value() : 0;
    profile.proxy.user =
        profile.proxy.kind == ProxyChoice::Kind::None ? QString() : m_proxyUser->text().trimmed();
    profile.discovery = static_cast<ServerProfile::Discovery>(m_discovery->currentIndex());
    profile.push = m_push->isChecked();
    profile.notifications = m_notifications->isChecked();
    if (m_passwordEdited)
        draft.proxyPassword = Secret(m_proxyPassword->text().toUtf8());
    return draft;
}

std::optional<ServerForm::Problem> ServerForm::problem()
{
    const auto wrong = [](QWidget *field, const QString &headline, const QString &nextStep) {
        field->setFocus();
        return Problem{headline, nextStep};
    };
    const ServerProfile typed = draft().profile;
    if (typed.address.isEmpty()) {
        return wrong(m_address, tr("The address is missing."),
                     tr("Enter the address that you open Guardian with."));
    }
    if (const auto candidates = apiRootCandidates(typed.address); !candidates)
        return wrong(m_address, tr("This address cannot be used."), candidates.error());
    if (isOpenHttp() && !typed.allowHttp) {
        return wrong(m_allowHttp, tr("The connection would not be encrypted."),
                     tr("Anybody on the way could read the tokens. Use https, or tick the box."));
    }
    if (!typed.caFile.isEmpty()) {
        if (const auto read = readCaFile(typed.caFile); !read)
            return wrong(m_caFile, tr("The CA file cannot be used."), read.error());
    }
    if (hasOwnProxy() && typed.proxy.host.isEmpty()) {
        return wrong(m_proxyHost, tr("The proxy's address is missing."),
                     tr("Enter its host, or choose another kind of proxy."));
    }
    return std::nullopt;
}

void ServerForm::focusAddress()
{
    m_address->setFocus();
}

void ServerForm::announce()
{
    if (m_showing)
        return;
    refresh();
    Q_EMIT edited();
}

void ServerForm::refresh()
{
    const bool hasProxy = m_proxy->currentIndex() != static_cast<int>(ProxyChoice::Kind::None);
    m_lines->setRowVisible(m_allowHttp, isOpenHttp());
    m_lines->setRowVisible(m_proxyAddress, hasOwnProxy());
    m_lines->setRowVisible(m_proxyUser, hasProxy && hasOwnProxy());
    m_lines->setRowVisible(m_proxyPassword, hasProxy && hasOwnProxy());
}

void ServerForm::chooseCaFile()
{
    auto *dialog = new QFileDialog(this, tr("Choose a CA File"), {}, tr("PEM (*.pem *.crt *.cer)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, m_caFile, &QLineEdit::setText);
    dialog->open();
}

bool ServerForm::hasOwnProxy() const
{
    const auto kind = static_cast<ProxyChoice::Kind>(m_proxy->currentIndex());
    return kind == ProxyChoice::Kind::Http || kind == ProxyChoice::Kind::Socks5;
}

bool ServerForm::isOpenHttp() const
{
    const QString address = m_address->text().trimmed();
    return address.startsWith(QLatin1String("http://"), Qt::CaseInsensitive)
           && !isLoopback(QUrl(address));
}
