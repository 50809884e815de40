#include "settings/secretspage.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace {

enum Column { Action, Rule };

QString wordsOf(SecretRule rule)
{
    switch (rule) {
    case SecretRule::ByName:
        return SecretsPage::tr("Mask by name (usual)");
    case SecretRule::MaskAll:
        return SecretsPage::tr("Mask everything");
    case SecretRule::ShowAll:
        return SecretsPage::tr("Show all");
    }
    Q_UNREACHABLE();
}

QComboBox *makeChoice(SecretRule rule)
{
    auto *choice = new QComboBox;
    for (const auto one : {SecretRule::MaskAll, SecretRule::ByName, SecretRule::ShowAll})
        choice->addItem(wordsOf(one), int(one));
    choice->setCurrentIndex(choice->findData(int(rule)));
    return choice;
}

void nameAfter(QWidget &choice, const QString &action)
{
    choice.setAccessibleName(action.isEmpty() ? SecretsPage::tr("Rule for a new action")
                                              : SecretsPage::tr("Rule for %1").arg(action));
}

} // namespace

SecretsPage::SecretsPage(QWidget *parent)
    : SettingsPage(tr("Secrets"), QStringLiteral("lock"), parent)
    , m_table(new QTableWidget(0, 2, this))
    , m_remove(new QPushButton(tr("Re&move"), this))
{
    m_table->setAccessibleName(tr("Rules by action"));
    m_table->setHorizontalHeaderLabels({tr("Action"), tr("Results of it")});
    m_table->horizontalHeader()->setSectionResizeMode(Action, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(Rule, QHeaderView::Fixed);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setColumnWidth(Rule, fontMetrics().averageCharWidth() * 28);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setMinimumHeight(fontMetrics().height() * 10);
    auto *add = new QPushButton(tr("&Add"), this);
    add->setAutoDefault(false);
    m_remove->setAutoDefault(false);

    QVBoxLayout *column = addColumn(tr("Secrets in results"));
    column->addWidget(makeNote(
        tr("Usually masked: what “Create random key” returns, members named privateKey, seed, "
           "mnemonic, password or secret, and a key or token that looks like one. Here you set "
           "another rule for an action.")));
    column->addWidget(m_table);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(add);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addWidget(makeNote(
        tr("“Show all” is for your eyes: in this window, and in what taskwatch show and wait "
           "print. The history, exports, saved files and notifications mask by name all the same, "
           "so after a "
           "restart such a result is masked. “Mask everything” masks what the history has "
           "already, too.")));

    connect(add, &QPushButton::clicked, this, &SecretsPage::add);
    connect(m_remove, &QPushButton::clicked, this, &SecretsPage::remove);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &SecretsPage::refreshButtons);
    connect(m_table, &QTableWidget::itemChanged, this, [this](const QTableWidgetItem *item) {
        if (QWidget *choice = m_table->cellWidget(item->row(), Rule))
            nameAfter(*choice, item->text());
        Q_EMIT edited();
    });
    refreshButtons();
}

void SecretsPage::load(const Settings &settings)
{
    const QSignalBlocker blocker(m_table);
    m_table->setRowCount(0);
    const auto rules = settings.secretRules.all();
    for (auto it = rules.cbegin(); it != rules.cend(); ++it)
        addRow(it.key(), it.value());
    refreshButtons();
}

/// Rows without an action say nothing; of two with the same one the lower counts.
void SecretsPage::store(Settings &settings) const
{
    settings.secretRules = {};
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto *choice = qobject_cast<QComboBox *>(m_table->cellWidget(row, Rule));
        settings.secretRules.set(m_table->item(row, Action)->text(),
                                 SecretRule(choice->currentData().toInt()));
    }
}

void SecretsPage::addRow(const QString &action, SecretRule rule)
{
    QComboBox *choice = makeChoice(rule);
    nameAfter(*choice, action);
    m_table->setColumnWidth(Rule, choice->sizeHint().width());
    connect(choice, &QComboBox::currentIndexChanged, this, &SettingsPage::edited);
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setCellWidget(row, Rule, choice); // first: the next says that the row is there
    m_table->setItem(row, Action, new QTableWidgetItem(action));
}

void SecretsPage::add()
{
    addRow({}, SecretRule::MaskAll);
    QTableWidgetItem *item = m_table->item(m_table->rowCount() - 1, Action);
    m_table->setCurrentItem(item);
    m_table->setFocus();
    m_table->editItem(item);
}

void SecretsPage::remove()
{
    m_table->removeRow(m_table->currentRow());
    refreshButtons();
    Q_EMIT edited();
}

void SecretsPage::refreshButtons()
{
    m_remove->setEnabled(!m_table->selectedItems().isEmpty());
}
