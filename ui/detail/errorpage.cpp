#include "detail/errorpage.h"

#include "detail/factsview.h"
#include "detail/jsonpane.h"
#include "detail/plaintext.h"
#include "detail/savefile.h"
#include "detail/secretgate.h"
#include "task/secretrule.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace {

/// More is read better in the details or the raw reply.
constexpr qsizetype maxMessage = 4'000;
/// Up to here the details are looked at at once; larger ones surely say more than the message.
constexpr qsizetype smallDetails = 65'536;

/// Up to here the window waits until it is known whether there is a secret in them.
constexpr qsizetype quicklyMasked = 1024 * 1024;

/// Whether there is more than code and message, which stand above already.
bool saysMore(const QByteArray &details)
{
    if (details.size() > smallDetails)
        return true;
    const JsonIndex json(details, details);
    if (!json.isValid() || !json.isContainer(0))
        return false;
    for (quint32 row = 0; row < json.childCount(0); ++row) {
        const quint32 member = json.child(0, row);
        const QString name = json.name(member);
        if ((name != "code"_L1 && name != "message"_L1) || json.isContainer(member))
            return true;
    }
    return false;
}

QList<Fact> factsOf(const TaskError &error, const QString &step)
{
    QList<Fact> facts;
    const auto add = [&facts](const QString &name, const QString &value) {
        if (!value.isEmpty())
            facts.append({name, value, false});
    };
    add(ErrorPage::tr("Failing step"), step);
    add(ErrorPage::tr("Code"), error.code);
    add(ErrorPage::tr("Message"),
        error.message.size() > maxMessage ? error.message.left(maxMessage) + u'…' : error.message);
    if (facts.isEmpty())
        add(ErrorPage::tr("Message"), ErrorPage::tr("The server gave no message."));
    return facts;
}

} // namespace

ErrorPage::ErrorPage(SecretGate &gate, QWidget *parent)
    : QWidget(parent)
    , m_gate(gate)
    , m_stack(new QStackedWidget(this))
    , m_empty(new QLabel(tr("No error."), this))
    , m_facts(new FactsView(this))
    , m_pane(new JsonPane(gate, this))
{
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_facts->setAccessibleName(tr("Error"));
    auto *copyAll = new QPushButton(tr("Copy error"), this);
    copyAll->setAccessibleName(copyAll->text());
    connect(copyAll, &QPushButton::clicked, this, &ErrorPage::copy);

    auto *top = new QWidget(this);
    auto *row = new QHBoxLayout(top);
    row->setContentsMargins(0, 4, 8, 0);
    row->addWidget(m_facts, 1);
    row->addWidget(copyAll, 0, Qt::AlignTop);
    auto *parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(top);
    parts->addWidget(m_pane);
    parts->setChildrenCollapsible(false);
    parts->setStretchFactor(0, 2);
    parts->setStretchFactor(1, 3);
    m_facts->setMinimumHeight(fontMetrics().height() * 3);

    m_stack->addWidget(m_empty);
    m_stack->addWidget(parts);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins({});
    outer->addWidget(m_stack);
}

bool ErrorPage::holdsSecret(const TaskRecord &record)
{
    if (!record.snapshot || !record.snapshot->error)
        return false;
    const QByteArray &details = record.snapshot->error->details;
    const SecretRule rule = record.snapshot->secretRule;
    if (details.size() > quicklyMasked)
        return rule != SecretRule::ShowAll; // who knows
    return maskSecretsBy(rule, details, {}) != details;
}

void ErrorPage::setTask(const TaskRecord &record, bool isSecret, bool rewind)
{
    if (rewind)
        m_facts->rewind();
    m_error = record.snapshot ? record.snapshot->error : std::nullopt;
    m_rule = record.snapshot ? record.snapshot->secretRule : SecretRule::ByName;
    const bool hasProblems = record.outcome == Outcome::CompletedWithProblems;
    m_empty->setText(hasProblems ? tr("No error. The Overview lists the problems of the result.")
                                 : tr("No error."));
    m_stack->setCurrentIndex(m_error ? 1 : 0);
    const bool hasMore = m_error && saysMore(m_error->details);
    m_pane->setVisible(hasMore);
    if (!hasMore)
        m_pane->setEmpty({});
    else
        m_pane->setSource({.document = m_error->details,
                           .member = {},
                           .action = record.snapshot->action,
                           .rule = record.snapshot->secretRule,
                           .isSecret = isSecret,
                           .fileName = SaveFile::proposal(record.key.task.text(), u"error.json"_s)},
                          rewind);
    if (m_error)
        m_facts->setFacts(factsOf(*m_error, record.snapshot->currentStep));
}

QString ErrorPage::report() const
{
    QStringList lines;
    for (const Fact &fact : m_facts->facts())
        lines.append(tr("%1: %2").arg(fact.name, fact.value));
    if (m_error->details.size() > quicklyMasked)
        lines.append(tr("The details are too large to copy (%1): save them as a file.")
                         .arg(PlainText::size(m_error->details.size())));
    else if (!m_error->details.isEmpty())
        lines.append(QString::fromUtf8(m_gate.masks() ? maskSecretsBy(m_rule, m_error->details, {})
                                                      : m_error->details));
    return lines.join(u'\n');
}

void ErrorPage::copy()
{
    if (m_error)
        m_gate.copy(report());
}
