#include "detail/rawpage.h"

#include "base/background.h"
#include "detail/elidedlabel.h"
#include "detail/largetextview.h"
#include "detail/savefile.h"
#include "detail/secretbanner.h"
#include "detail/secretgate.h"
#include "task/secretrule.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace {

/// Up to here the window waits until it is known whether there is a secret in it.
constexpr qsizetype quicklyJudged = 65'536;

/// What is to be masked, if anything.
struct Mask {
    QString action;
    SecretRule rule = SecretRule::ShowAll;
    bool isUnread = false; ///< nobody knows what is in it: whatever might be a secret
};

/// The reply that nobody could read, if any.
std::shared_ptr<const ReplyData> unreadOf(const TaskRecord &record)
{
    return record.snapshot || record.strangeReply ? record.strangeReply : record.reply;
}

Mask maskOf(const TaskRecord &record, const std::shared_ptr<const ReplyData> &reply)
{
    if (!record.snapshot || reply == unreadOf(record))
        return {.action = {}, .isUnread = true};
    return {.action = record.snapshot->action, .rule = record.snapshot->secretRule};
}

QByteArray headersOf(const ReplyData &reply, const Mask &mask)
{
    return mask.isUnread ? maskUnread(reply.headers.text()) : reply.headers.text();
}

QByteArray bodyOf(const ReplyData &reply, const Mask &mask)
{
    const QByteArray body = reply.body.whole();
    return mask.isUnread ? maskUnread(body) : maskSecretsBy(mask.rule, body, mask.action);
}

PlainText::Excerpt textOf(const ReplyData &reply, const Mask &mask)
{
    QByteArray text;
    if (reply.httpStatus > 0)
        text += "HTTP " + QByteArray::number(reply.httpStatus) + '\n';
    text += headersOf(reply, mask);
    if (!text.isEmpty())
        text += '\n';
    const QByteArray body = bodyOf(reply, mask);
    const qsizetype total = text.size() + body.size();
    text += body.first(qMin(body.size(), PlainText::Excerpt::maxBytes));
    return PlainText::excerpt(text, total);
}

QString noteOf(const ReplyData &reply, bool isCut)
{
    QStringList parts;
    if (reply.httpStatus == 0)
        parts.append(RawPage::tr("No complete answer"));
    if (reply.transportError)
        parts.append(describe(*reply.transportError).headline);
    parts.append(
        reply.isHead
            ? RawPage::tr("only the first %1 were kept").arg(PlainText::size(reply.body.size()))
            : PlainText::size(reply.body.size()));
    parts.append(RawPage::tr("%1 ms").arg(QLocale().toString(reply.duration.count())));
    if (isCut)
        parts.append(RawPage::tr("the first %1 are shown; save it to read the rest")
                         .arg(PlainText::size(PlainText::Excerpt::maxBytes)));
    return parts.join(u" · "_s);
}

} // namespace

RawPage::RawPage(SecretGate &gate, QWidget *parent)
    : QWidget(parent)
    , m_gate(gate)
    , m_text(new LargeTextView(this))
{
    m_text->setAccessibleName(tr("Last reply"));
    m_text->setPlaceholderText(tr("No reply yet."));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(makeToolRow());
    column->addWidget(new SecretBanner(m_gate, this));
    column->addWidget(m_text, 1);
    connect(m_text, &LargeTextView::copied, &m_gate, &SecretGate::noteCopied);
    connect(&m_gate, &SecretGate::changed, this, &RawPage::followGate);
}

QWidget *RawPage::makeToolRow()
{
    auto *tools = new QWidget(this);
    m_choice = new QComboBox(tools);
    m_choice->addItems({tr("Last received"), tr("Last readable")});
    m_choice->setAccessibleName(tr("Reply"));
    m_choiceLabel = new QLabel(tr("Re&ply:"), tools);
    m_choiceLabel->setBuddy(m_choice);
    m_choiceLabel->setTextFormat(Qt::PlainText);
    m_choiceLabel->hide();
    m_choice->hide();
    m_note = new ElidedLabel(tools);
    m_save = new QPushButton(tr("Save as…"), tools);
    m_save->setAccessibleName(tr("Save the reply's body as a file"));
    m_save->setEnabled(false);

    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    row->addWidget(m_choiceLabel);
    row->addWidget(m_choice);
    row->addWidget(m_note, 1);
    row->addWidget(m_save);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &RawPage::refresh);
    connect(m_save, &QPushButton::clicked, this, &RawPage::askWhereToSave);
    return tools;
}

QString RawPage::note() const
{
    return m_note->text();
}

void RawPage::setChoice(Choice choice)
{
    m_choice->setCurrentIndex(choice);
}

std::shared_ptr<const ReplyData> RawPage::chosen() const
{
    const bool wantsReadable = m_choice->currentIndex() == LastReadable;
    return m_record.strangeReply && !wantsReadable ? m_record.strangeReply : m_record.reply;
}

bool RawPage::holdsUnreadSecret(const TaskRecord &record)
{
    const auto reply = unreadOf(record);
    if (reply == m_judged)
        return m_isSecret;
    m_judged = reply;
    const Mask mask{.action = {}, .isUnread = true};
    m_isSecret = reply
                 && (reply->body.size() > quicklyJudged // who knows
                     || bodyOf(*reply, mask) != reply->body.whole()
                     || headersOf(*reply, mask) != reply->headers.text());
    return m_isSecret;
}

void RawPage::setTask(const TaskRecord &record, bool rewind)
{
    m_record = record;
    const bool canChoose = record.strangeReply && record.reply;
    m_choiceLabel->setVisible(canChoose);
    m_choice->setVisible(canChoose);
    if (rewind) {
        m_wanted.reset();
        m_text->setContent({});
        m_text->rewind();
        m_note->setText({});
    }
    refresh();
}

/// Reads what is to be shown, if that is another reply than before.
void RawPage::refresh()
{
    const auto reply = chosen();
    m_save->setEnabled(reply != nullptr);
    if (isSameReply(reply, m_wanted) && (!reply || reply->headers == m_wanted->headers))
        return;
    m_wanted = reply;
    m_isLoaded = false;
    ++m_ticket;
    if (!reply) {
        m_text->setContent({});
        m_note->setText({});
    } else if (isVisible()) {
        load();
    }
}

void RawPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_wanted && !m_isLoaded)
        load();
}

void RawPage::load()
{
    const Mask mask = m_gate.masks() ? maskOf(m_record, m_wanted) : Mask{};
    Background::run(
        this, [reply = m_wanted, mask] { return textOf(*reply, mask); },
        [this, reply = m_wanted, ticket = ++m_ticket](const PlainText::Excerpt &text) {
            if (ticket != m_ticket)
                return;
            m_isLoaded = true;
            m_text->setContent(text);
            m_note->setText(noteOf(*reply, text.isCut));
        });
}

void RawPage::followGate()
{
    m_isLoaded = false;
    ++m_ticket;
    if (m_gate.masks())
        m_text->setContent({});
    if (m_wanted && isVisible())
        load();
}

void RawPage::askWhereToSave()
{
    SaveFile::ask(this, tr("Save the reply"),
                  SaveFile::proposal(m_record.key.task.text(), u"reply.json"_s),
                  [this](const QString &path) { saveTo(path); });
}

void RawPage::saveTo(const QString &path)
{
    if (!m_wanted)
        return;
    Mask kept = maskOf(m_record, m_wanted);
    kept.rule = ruleForKeeping(kept.rule);
    const auto bytes = [reply = m_wanted, mask = kept] { return bodyOf(*reply, mask); };
    SaveFile::writeInBackground(this, path, bytes,
                                [this](const QString &message) { m_note->setText(message); });
}
