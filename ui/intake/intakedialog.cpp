#include "intake/intakedialog.h"

#include "intake/intaketext.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace {

/// So many IDs are asked for without a click.
constexpr qsizetype askedAtOnce = 50;
/// More than that is slow to show and nothing to edit by hand.
constexpr qsizetype editableLength = 64 * 1024;

} // namespace

IntakeDialog::IntakeDialog(ShownServers servers, IsTracked isTracked, QWidget *parent)
    : QDialog(parent)
    , m_servers(std::move(servers))
    , m_isTracked(std::move(isTracked))
    , m_text(new IntakeText(this))
    , m_summary(new QLabel(this))
    , m_server(new QComboBox(this))
    , m_rows(new FoundTasks(m_servers, this))
    , m_watch(new QPushButton(tr("Watch"), this))
    , m_lookUp(new QPushButton(tr("Look Up Once"), this))
{
    build();
    connect(m_text, &IntakeText::textChanged, this, &IntakeDialog::takeEditedText);
    connect(m_text, &IntakeText::filesGiven, this, &IntakeDialog::takeGivenFiles);
    connect(m_rows, &FoundTasks::itemChanged, this, &IntakeDialog::refreshButtons);
    connect(m_server, &QComboBox::activated, this, &IntakeDialog::takeEditedText);
    connect(m_watch, &QPushButton::clicked, this, &IntakeDialog::act);
    connect(m_lookUp, &QPushButton::clicked, this, &IntakeDialog::lookUp);
    preview({});
}

void IntakeDialog::build()
{
    setWindowTitle(tr("Watch Tasks"));
    auto *label = new QLabel(tr("Task &IDs, links, the answer of a starting call, or any text "
                                "with such in it:"),
                             this);
    label->setBuddy(m_text);
    label->setWordWrap(true);
    m_text->setAccessibleName(tr("Text with task IDs"));
    m_text->setPlaceholderText(tr("Paste here, or drop a file"));
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setObjectName(QStringLiteral("summary"));

    auto *meant = new QWidget(this);
    auto *meantLabel = new QLabel(tr("&Server of bare IDs:"), meant);
    meantLabel->setBuddy(m_server);
    m_server->addItem(tr("Ask each"));
    for (const ShownServer &server : std::as_const(m_servers)) {
        if (server.enabled)
            m_server->addItem(server.name, server.id.uuid());
    }
    auto *meantLine = new QHBoxLayout(meant);
    meantLine->setContentsMargins(0, 0, 0, 0);
    meantLine->addWidget(meantLabel);
    meantLine->addWidget(m_server);
    meantLine->addStretch();
    meant->setVisible(m_servers.size() > 1);

    auto *file = new QPushButton(tr("&Open File…"), this);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(file, QDialogButtonBox::ResetRole);
    buttons->addButton(m_lookUp, QDialogButtonBox::ActionRole);
    buttons->addButton(m_watch, QDialogButtonBox::AcceptRole);
    for (QPushButton *button : {file, m_lookUp})
        button->setAutoDefault(false);
    m_watch->setDefault(true);
    connect(file, &QPushButton::clicked, this, &IntakeDialog::openFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(label);
    column->addWidget(m_text, 1);
    column->addWidget(meant);
    column->addWidget(m_summary);
    column->addWidget(m_rows, 2);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 110, fontMetrics().height() * 28);
}

void IntakeDialog::setText(const QString &text)
{
    place(text);
    if (m_rows->openCount() <= askedAtOnce)
        ask();
    (m_watch->isEnabled() ? static_cast<QWidget *>(m_watch) : m_text)->setFocus();
}

void IntakeDialog::setAskedFor(const QString &text)
{
    place(text);
    m_rows->markAskedEverywhere(m_rows->openKeys());
    m_watch->setFocus();
}

void IntakeDialog::place(const QString &text)
{
    const bool editable = text.size() <= editableLength;
    {
        const QSignalBlocker blocker(m_text); // the preview comes from the whole text, once
        m_text->setPlainText(editable ? text : text.left(editableLength) + QChar(0x2026));
    }
    m_text->setReadOnly(!editable);
    m_whole = editable ? QString() : text;
    preview(text);
}

void IntakeDialog::act()
{
    if (const QList<TaskKey> checked = m_rows->checkedTasks(); !checked.isEmpty()) {
        Q_EMIT watchRequested(checked);
        accept();
    } else {
        ask();
    }
}

void IntakeDialog::lookUp()
{
    const QList<TaskKey> keys = m_rows->checkedTasks();
    m_rows->markAsked(keys);
    Q_EMIT lookUpRequested(keys);
}

/// On each server that may hold them.
void IntakeDialog::ask()
{
    const QList<TaskKey> keys = m_rows->openKeys();
    if (keys.isEmpty())
        return;
    m_rows->markAskedEverywhere(keys);
    Q_EMIT lookUpRequested(keys);
    refreshButtons();
}

QList<TaskKey> IntakeDialog::checkedTasks() const
{
    return m_rows->checkedTasks();
}

void IntakeDialog::setAnswer(const Answer &answer)
{
    m_rows->setAnswer(answer);
    refreshButtons();
}

void IntakeDialog::openFile()
{
    auto *dialog = new QFileDialog(this, tr("Open a File With Task IDs"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &IntakeDialog::takeFile);
    dialog->open();
}

void IntakeDialog::takeFile(const QString &path)
{
    if (const auto text = readIntakeFile(path))
        setText(*text);
    else
        m_summary->setText(text.error());
}

/// Below what is there already.
void IntakeDialog::takeGivenFiles(const QStringList &texts, const QStringList &troubles)
{
    if (!texts.isEmpty()) {
        const QString before = m_text->isReadOnly() ? m_whole : m_text->toPlainText();
        setText((QStringList{before} + texts).join(QLatin1Char('\n')).trimmed());
    }
    if (!troubles.isEmpty())
        m_summary->setText(troubles.join(QLatin1Char(' ')));
}

void IntakeDialog::takeEditedText()
{
    preview(m_text->isReadOnly() ? m_whole : m_text->toPlainText());
}

void IntakeDialog::preview(const QString &text)
{
    const IntakePlan plan = planIntake(text, m_servers, m_isTracked);
    m_rows->setPlan(plan, ServerId(m_server->currentData().toUuid()));
    m_summary->setText(text.trimmed().isEmpty() ? tr("Nothing to look at yet.") : summaryOf(plan));
    refreshButtons();
}

void IntakeDialog::refreshButtons()
{
    const auto count = static_cast<int>(m_rows->checkedTasks().size());
    const bool canAsk = count == 0 && !m_rows->openKeys().isEmpty();
    m_watch->setEnabled(count > 0 || canAsk);
    m_lookUp->setEnabled(count > 0);
    m_watch->setText(canAsk       ? tr("Find the Server")
                     : count == 0 ? tr("Watch")
                     : count == 1 ? tr("Watch 1 Task")
                                  : tr("Watch %n Tasks", nullptr, count));
}
