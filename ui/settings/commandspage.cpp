#include "settings/commandspage.h"

#include "notice/noticewords.h"

#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>

CommandsPage::CommandsPage(QWidget *parent)
    : SettingsPage(tr("Commands"), QStringLiteral("command"), parent)
    , m_commands{}
{
    QFormLayout *form = addGroup(tr("Run a command when"));
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapAllRows);
    const QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    for (const NoticeKind kind : noticeKinds) {
        auto *line = new QLineEdit(this);
        line->setFont(fixed);
        line->setMaxLength(4'000);
        m_commands[size_t(kind)] = line;
        form->addRow(NoticeWords::choice(kind) + QLatin1Char(':'), line);
        connect(line, &QLineEdit::textEdited, this, &SettingsPage::edited);
    }
    m_commands.front()->setPlaceholderText(
        QStringLiteral("/home/me/bin/page-me --urgent \"Guardian\""));
    form->addRow(makeNote(tr(
        "A program with its arguments, not a shell's line; an empty field runs nothing. It finds "
        "what happened in the environment: TASKWATCH_TASK_ID, TASKWATCH_ACTION, "
        "TASKWATCH_OUTCOME, TASKWATCH_LABEL, TASKWATCH_SERVER, TASKWATCH_DURATION_S. It has 30 "
        "seconds, and what it prints goes to Taskwatch's log (--log-level info).")));
}

void CommandsPage::load(const Settings &settings)
{
    for (const NoticeKind kind : noticeKinds)
        m_commands[size_t(kind)]->setText(settings.notices.of(kind).command);
}

void CommandsPage::store(Settings &settings) const
{
    for (const NoticeKind kind : noticeKinds)
        settings.notices.of(kind).command = m_commands[size_t(kind)]->text().trimmed();
}
