#include "exchange/exportdialog.h"

#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

ExportDialog::ExportDialog(const Counts &counts, QWidget *parent)
    : QDialog(parent)
    , m_scope(new QButtonGroup(this))
    , m_format(new QButtonGroup(this))
{
    setWindowTitle(tr("Export Tasks"));
    auto *const note = new QLabel(tr("Secrets among the results stay masked."));
    note->setEnabled(false);
    auto *const buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    QPushButton *const go = buttons->addButton(tr("&Export…"), QDialogButtonBox::AcceptRole);
    go->setDefault(true);
    go->setEnabled(counts.all > 0);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *const layout = new QVBoxLayout(this);
    layout->addWidget(makeScopes(counts));
    layout->addWidget(makeFormats());
    layout->addWidget(note);
    layout->addWidget(buttons);
    layout->setSizeConstraint(QLayout::SetFixedSize);
}

QWidget *ExportDialog::makeScopes(const Counts &counts)
{
    auto *const box = new QGroupBox(tr("Which"));
    auto *const layout = new QVBoxLayout(box);
    const auto add = [this, layout](Scope scope, const QString &text, int count) {
        auto *const button = new QRadioButton(text);
        button->setEnabled(count > 0);
        m_scope->addButton(button, static_cast<int>(scope));
        layout->addWidget(button);
        if (count > 0 && !m_scope->checkedButton())
            button->setChecked(true);
    };
    add(Scope::Selected, tr("&Selected tasks (%L1)").arg(counts.selected), counts.selected);
    add(Scope::Shown, tr("Tasks s&hown by view and filter (%L1)").arg(counts.shown), counts.shown);
    add(Scope::All, tr("&All watched tasks (%L1)").arg(counts.all), counts.all);
    return box;
}

QWidget *ExportDialog::makeFormats()
{
    auto *const box = new QGroupBox(tr("As"));
    auto *const layout = new QVBoxLayout(box);
    const auto add = [this, layout](ExportFormat format, const QString &text, const QString &what) {
        auto *const button = new QRadioButton(text);
        button->setAccessibleDescription(what);
        auto *const label = new QLabel(what);
        label->setIndent(24);
        label->setBuddy(button);
        m_format->addButton(button, static_cast<int>(format));
        layout->addWidget(button);
        layout->addWidget(label);
    };
    add(ExportFormat::Markdown, tr("&Report (Markdown)"),
        tr("For an incident or a ticket: steps, times, errors."));
    add(ExportFormat::Csv, tr("&Table (CSV)"), tr("For a spreadsheet: a row per task."));
    add(ExportFormat::Json, tr("&Everything (JSON)"),
        tr("For programs, and to be imported into Taskwatch again."));
    m_format->button(static_cast<int>(ExportFormat::Markdown))->setChecked(true);
    return box;
}

ExportDialog::Scope ExportDialog::scope() const
{
    return static_cast<Scope>(m_scope->checkedId());
}

ExportFormat ExportDialog::format() const
{
    return static_cast<ExportFormat>(m_format->checkedId());
}
