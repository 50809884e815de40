#include "settings/settingspage.h"

#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QVBoxLayout>

#include <utility>

SettingsPage::SettingsPage(const QString &title, QString symbol, QWidget *parent)
    : QWidget(parent)
    , m_symbol(std::move(symbol))
    , m_column(new QVBoxLayout(this))
{
    setWindowTitle(title);
    setAccessibleName(title);
    m_column->setContentsMargins(16, 16, 16, 16);
    m_column->setSpacing(16);
    m_column->addStretch(1);
}

QFormLayout *SettingsPage::addGroup(const QString &heading)
{
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->setLabelAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    addColumn(heading)->addLayout(form);
    return form;
}

QVBoxLayout *SettingsPage::addColumn(const QString &heading)
{
    auto *group = new QGroupBox(heading, this);
    auto *column = new QVBoxLayout(group);
    column->setSpacing(8);
    m_column->insertWidget(m_column->count() - 1, group); // above the stretch
    return column;
}

QLabel *SettingsPage::makeNote(const QString &text)
{
    auto *note = new QLabel(text, this);
    note->setWordWrap(true);
    note->setTextFormat(Qt::PlainText);
    note->setForegroundRole(QPalette::PlaceholderText);
    return note;
}
