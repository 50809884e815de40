#include "window/banner.h"

#include "statelook.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace {

QIcon iconOf(BannerKind kind, const QPalette &palette)
{
    switch (kind) {
    case BannerKind::CertificateProblem:
        return StateLook::icon(Connection::CertificateProblem, palette);
    case BannerKind::TokenNotRead:
    case BannerKind::SignInNeeded:
        return StateLook::icon(Connection::SignInNeeded, palette);
    case BannerKind::NoPermission:
        return StateLook::icon(Connection::NoPermission, palette);
    case BannerKind::Unreachable:
        return StateLook::icon(Connection::Unreachable, palette);
    case BannerKind::RateLimited:
        return StateLook::icon(Connection::RateLimited, palette);
    case BannerKind::HistoryTrouble:
    case BannerKind::NotUsable:
    case BannerKind::TokenNotRemoved:
        return StateLook::symbol(QStringLiteral("warning"), palette);
    case BannerKind::News:
        return StateLook::symbol(QStringLiteral("bell"), palette);
    case BannerKind::Discovered:
        return StateLook::icon(Outcome::Running, false, palette);
    case BannerKind::NoKeychain:
    case BannerKind::Note:
        return StateLook::symbol(QStringLiteral("info"), palette);
    }
    Q_UNREACHABLE();
}

} // namespace

BannerBar::BannerBar(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_headline(new QLabel(this))
    , m_nextStep(new QLabel(this))
    , m_action(new QPushButton(this))
    , m_alternative(new QPushButton(this))
    , m_dismissal(new QPushButton(this))
    , m_close(new QToolButton(this))
{
    setObjectName(QStringLiteral("banner"));
    setAccessibleName(tr("Notice"));
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    QFont bold = font();
    bold.setBold(true);
    m_headline->setFont(bold);
    for (QLabel *label : {m_headline, m_nextStep}) {
        label->setTextFormat(Qt::PlainText); // holds words of the server
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_close->setAutoRaise(true);
    m_close->setToolTip(tr("Hide this notice"));
    m_close->setAccessibleName(tr("Hide this notice"));

    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_headline);
    words->addWidget(m_nextStep);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 8, 8, 8);
    row->setSpacing(8);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    for (QPushButton *button : {m_action, m_alternative, m_dismissal})
        row->addWidget(button, 0, Qt::AlignVCenter);
    row->addWidget(m_close, 0, Qt::AlignTop);

    connect(m_action, &QPushButton::clicked, this,
            [this] { Q_EMIT activated(m_shown.first, ServerId(m_shown.second)); });
    connect(m_alternative, &QPushButton::clicked, this,
            [this] { Q_EMIT alternativeChosen(m_shown.first, ServerId(m_shown.second)); });
    connect(m_dismissal, &QPushButton::clicked, this, &BannerBar::dismiss);
    connect(m_close, &QToolButton::clicked, this, &BannerBar::dismiss);
    hide();
}

void BannerBar::set(BannerKind kind, const BannerText &text, const ServerId &server)
{
    const Key key{kind, server.uuid()};
    const auto known = m_entries.find(key);
    if (known != m_entries.end() && known->second.text == text)
        return;
    m_entries[key] = {text, false};
    showMostSevere();
}

void BannerBar::remove(BannerKind kind, const ServerId &server)
{
    if (m_entries.erase({kind, server.uuid()}) > 0)
        showMostSevere();
}

bool BannerBar::isShown(BannerKind kind) const
{
    return !isHidden() && m_shown.first == kind;
}

bool BannerBar::isShown(BannerKind kind, const ServerId &server) const
{
    return isShown(kind) && m_shown.second == server.uuid();
}

void BannerBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshIcon();
}

void BannerBar::showMostSevere()
{
    for (const auto &[key, entry] : m_entries) {
        if (entry.dismissed)
            continue;
        m_shown = key;
        m_headline->setText(entry.text.headline);
        m_nextStep->setText(entry.text.nextStep);
        m_nextStep->setVisible(!entry.text.nextStep.isEmpty());
        for (const auto &[button, text] : {std::pair(m_action, entry.text.action),
                                           std::pair(m_alternative, entry.text.alternative),
                                           std::pair(m_dismissal, entry.text.dismissal)}) {
            button->setText(text);
            button->setVisible(!text.isEmpty());
        }
        m_close->setVisible(entry.text.dismissible);
        setAccessibleDescription(entry.text.headline + QLatin1Char(' ') + entry.text.nextStep);
        refreshIcon();
        show();
        return;
    }
    hide();
}

void BannerBar::dismiss()
{
    const Key key = m_shown;
    m_entries[key].dismissed = true;
    showMostSevere();
    Q_EMIT dismissed(key.first, ServerId(key.second));
}

void BannerBar::refreshIcon()
{
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    m_icon->setPixmap(iconOf(m_shown.first, palette()).pixmap(size, size));
    m_close->setIcon(StateLook::symbol(QStringLiteral("close"), palette()));
}
