#include "account/resultwords.h"

#include "statelook.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QStyle>
#include <QVBoxLayout>

namespace {

constexpr int certificateLines = 7;

QString timeText(const QDateTime &utc)
{
    return QLocale().toString(utc.toLocalTime(), QLocale::ShortFormat);
}

} // namespace

QString certificateText(const QList<CertificateInfo> &chain)
{
    QStringList blocks;
    for (const CertificateInfo &one : chain) {
        blocks << QStringList{ResultWords::tr("Subject: %1").arg(one.subject),
                              ResultWords::tr("Issuer: %1").arg(one.issuer),
                              ResultWords::tr("Valid: %1 to %2")
                                  .arg(timeText(one.validFrom), timeText(one.validUntil)),
                              ResultWords::tr("SHA-256: %1").arg(QString::fromLatin1(one.sha256))}
                      .join(QLatin1Char('\n'));
    }
    return blocks.join(QStringLiteral("\n\n"));
}

ResultWords::ResultWords(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_headline(new QLabel(this))
    , m_nextStep(new QLabel(this))
    , m_certificates(new QPlainTextEdit(this))
{
    QFont bold = font();
    bold.setBold(true);
    m_headline->setFont(bold);
    m_headline->setObjectName(QStringLiteral("headline"));
    m_nextStep->setObjectName(QStringLiteral("nextStep"));
    for (QLabel *label : {m_headline, m_nextStep}) {
        label->setTextFormat(Qt::PlainText); // holds words of the server
        label->setWordWrap(true);
    }
    m_icon->setFixedWidth(style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this));
    m_certificates->setReadOnly(true);
    m_certificates->setAccessibleName(tr("The certificates that the server showed"));
    m_certificates->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_certificates->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_certificates->setTabChangesFocus(true);
    m_certificates->setFixedHeight(fontMetrics().lineSpacing() * certificateLines + 16);

    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_headline);
    words->addWidget(m_nextStep);
    words->addWidget(m_certificates);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    clear();
}

void ResultWords::set(Mood mood, const QString &headline, const QString &nextStep)
{
    m_mood = mood;
    m_headline->setText(headline);
    m_nextStep->setText(nextStep);
    for (QLabel *label : {m_headline, m_nextStep}) {
        label->setVisible(!label->text().isEmpty());
        // What can be selected can have the focus, and has a name then.
        label->setTextInteractionFlags(label->text().isEmpty() ? Qt::NoTextInteraction
                                                               : Qt::TextSelectableByMouse);
    }
    m_certificates->clear();
    m_certificates->hide();
    refreshIcon();
}

void ResultWords::setError(const PollError &error)
{
    const PollErrorText words = describe(error, AskedAgain::ByPerson);
    set(Mood::Bad, words.headline,
        error.kind == PollError::Kind::Certificate && !error.detail.isEmpty()
            ? error.detail + QLatin1Char(' ') + words.nextStep
            : words.nextStep);
    m_certificates->setPlainText(certificateText(error.certificates));
    m_certificates->setVisible(!error.certificates.isEmpty());
}

QString ResultWords::headline() const
{
    return m_headline->text();
}

void ResultWords::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshIcon();
}

void ResultWords::refreshIcon()
{
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    switch (m_mood) {
    case Mood::Neutral:
        m_icon->clear();
        return;
    case Mood::Good:
        m_icon->setPixmap(StateLook::icon(Outcome::Completed, false, palette()).pixmap(size, size));
        return;
    case Mood::Bad:
        m_icon->setPixmap(StateLook::icon(Outcome::Failed, false, palette()).pixmap(size, size));
        return;
    }
}
