#include "window/notedialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

NoteDialog::NoteDialog(const QString &task, const QString &note, const QStringList &tags,
                       QWidget *parent)
    : QDialog(parent)
    , m_tags(new QLineEdit(tags.join(QStringLiteral(", ")), this))
    , m_note(new QPlainTextEdit(note, this))
{
    setWindowTitle(tr("Note and Tags"));
    auto *about = new QLabel(task, this);
    about->setTextFormat(Qt::PlainText);
    auto *tagsLabel = new QLabel(tr("&Tags, with commas between them:"), this);
    tagsLabel->setBuddy(m_tags);
    auto *noteLabel = new QLabel(tr("&Note:"), this);
    noteLabel->setBuddy(m_note);
    m_tags->setAccessibleName(tr("Tags"));
    m_note->setAccessibleName(tr("Note"));
    m_note->setTabChangesFocus(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(about);
    column->addWidget(tagsLabel);
    column->addWidget(m_tags);
    column->addWidget(noteLabel);
    column->addWidget(m_note, 1);
    column->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 70, fontMetrics().height() * 20);
    m_note->setFocus();
}

QString NoteDialog::note() const
{
    return m_note->toPlainText().trimmed();
}

QStringList NoteDialog::tags() const
{
    return m_tags->text().split(QLatin1Char(','), Qt::SkipEmptyParts);
}
