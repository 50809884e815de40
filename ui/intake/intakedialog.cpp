#include "intake/intakedialog.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace {

constexpr int idRole = Qt::UserRole;
enum Column { TaskColumn, KnownColumn, AnswerColumn };
/// More than that is slow to show and nothing to edit by hand.
constexpr qsizetype editableLength = 64 * 1024;

} // namespace

IntakeDialog::IntakeDialog(QUrl apiRoot, IsTracked isTracked, QWidget *parent)
    : QDialog(parent)
    , m_apiRoot(std::move(apiRoot))
    , m_isTracked(std::move(isTracked))
    , m_text(new QPlainTextEdit(this))
    , m_summary(new QLabel(this))
    , m_rows(new QTreeWidget(this))
    , m_watch(new QPushButton(tr("Watch"), this))
    , m_lookUp(new QPushButton(tr("Look Up Once"), this))
{
    build();
    connect(m_text, &QPlainTextEdit::textChanged, this, &IntakeDialog::takeEditedText);
    connect(m_rows, &QTreeWidget::itemChanged, this, &IntakeDialog::refreshButtons);
    connect(m_watch, &QPushButton::clicked, this, [this] {
        Q_EMIT watchRequested(checkedIds());
        accept();
    });
    connect(m_lookUp, &QPushButton::clicked, this,
            [this] { Q_EMIT lookUpRequested(checkedIds()); });
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
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setPlaceholderText(tr("Paste here, or drop a file"));
    m_text->setAcceptDrops(true);
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setObjectName(QStringLiteral("summary"));

    m_rows->setAccessibleName(tr("Tasks found"));
    m_rows->setHeaderLabels({tr("Task"), tr("Known"), tr("Answer")});
    m_rows->setRootIsDecorated(false);
    m_rows->setUniformRowHeights(true);
    m_rows->setTextElideMode(Qt::ElideMiddle);
    m_rows->header()->setStretchLastSection(true);
    m_rows->header()->resizeSection(TaskColumn, fontMetrics().averageCharWidth() * 48);
    m_rows->header()->resizeSection(KnownColumn, fontMetrics().averageCharWidth() * 24);

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
    column->addWidget(m_summary);
    column->addWidget(m_rows, 2);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 110, fontMetrics().height() * 28);
}

void IntakeDialog::setText(const QString &text)
{
    const bool editable = text.size() <= editableLength;
    {
        const QSignalBlocker blocker(m_text); // the preview comes from the whole text, once
        m_text->setPlainText(editable ? text : text.left(editableLength) + QChar(0x2026));
    }
    m_text->setReadOnly(!editable);
    preview(text);
    (m_watch->isEnabled() ? static_cast<QWidget *>(m_watch) : m_text)->setFocus();
}

QList<TaskId> IntakeDialog::checkedIds() const
{
    QList<TaskId> ids;
    for (int i = 0; i < m_rows->topLevelItemCount(); ++i) {
        const QTreeWidgetItem *item = m_rows->topLevelItem(i);
        if (item->checkState(TaskColumn) == Qt::Checked)
            ids.append(TaskId(item->data(TaskColumn, idRole).toString()));
    }
    return ids;
}

void IntakeDialog::setAnswer(const TaskId &id, const QIcon &icon, const QString &words)
{
    QTreeWidgetItem *item = m_items.value(id);
    if (!item)
        return; // the text was changed meanwhile
    item->setIcon(AnswerColumn, icon);
    item->setText(AnswerColumn, words);
    item->setToolTip(AnswerColumn, words.toHtmlEscaped());
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

void IntakeDialog::takeEditedText()
{
    preview(m_text->toPlainText());
}

void IntakeDialog::preview(const QString &text)
{
    const IntakePlan plan = planIntake(text, m_apiRoot, m_isTracked);
    const QSignalBlocker blocker(m_rows);
    m_items.clear();
    m_rows->clear();
    for (const IntakeRow &row : plan.rows)
        addRow(row);
    for (const QString &part : plan.rejected) {
        auto *item = new QTreeWidgetItem(m_rows, {part, tr("No ID in this")});
        item->setFlags(Qt::ItemIsSelectable); // greyed
        item->setToolTip(TaskColumn, part.toHtmlEscaped());
    }
    m_summary->setText(text.trimmed().isEmpty() ? tr("Nothing to look at yet.") : summaryOf(plan));
    refreshButtons();
}

void IntakeDialog::addRow(const IntakeRow &row)
{
    QString known;
    switch (row.kind) {
    case IntakeRow::Kind::New:
        known = tr("New");
        break;
    case IntakeRow::Kind::Tracked:
        known = tr("Already watched");
        break;
    case IntakeRow::Kind::OtherServer:
        known = tr("Of another server: %1").arg(row.host);
        break;
    }
    auto *item = new QTreeWidgetItem(m_rows, {row.id.text(), known});
    m_items.insert(row.id, item);
    item->setData(TaskColumn, idRole, row.id.text());
    item->setFont(TaskColumn, QFontDatabase::systemFont(QFontDatabase::FixedFont));
    item->setToolTip(TaskColumn, row.source.toHtmlEscaped());
    item->setToolTip(KnownColumn, known.toHtmlEscaped());
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    // The person may ask our server for a foreign address all the same: names of servers differ.
    item->setCheckState(TaskColumn, row.kind == IntakeRow::Kind::New ? Qt::Checked : Qt::Unchecked);
}

void IntakeDialog::refreshButtons()
{
    const auto count = static_cast<int>(checkedIds().size());
    m_watch->setEnabled(count > 0);
    m_lookUp->setEnabled(count > 0);
    m_watch->setText(count == 0   ? tr("Watch")
                     : count == 1 ? tr("Watch 1 Task")
                                  : tr("Watch %n Tasks", nullptr, count));
}
