#include "settings/settingsdialog.h"

#include "settings/settingspage.h"
#include "statelook.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

SettingsDialog::SettingsDialog(Settings settings, QWidget *parent)
    : QDialog(parent)
    , m_applied(std::move(settings))
    , m_list(new QListWidget(this))
    , m_pages(new QStackedWidget(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel
                                         | QDialogButtonBox::Apply
                                         | QDialogButtonBox::RestoreDefaults,
                                     this))
{
    setWindowTitle(tr("Settings"));
    m_list->setAccessibleName(tr("Pages"));
    m_list->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    m_buttons->button(QDialogButtonBox::RestoreDefaults)
        ->setToolTip(tr("Sets this page as it is in a fresh Taskwatch"));

    auto *panes = new QHBoxLayout;
    panes->setSpacing(8);
    panes->addWidget(m_list);
    panes->addWidget(m_pages, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addLayout(panes, 1);
    column->addWidget(m_buttons);

    connect(m_list, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        apply();
        accept();
    });
    connect(m_buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this,
            &SettingsDialog::apply);
    connect(m_buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this,
            &SettingsDialog::restoreDefaults);
    refreshButtons();
    resize(fontMetrics().averageCharWidth() * 108, fontMetrics().height() * 38);
}

void SettingsDialog::addPage(SettingsPage *page)
{
    auto *scroll = new QScrollArea(m_pages); // a small screen, a large font
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus); // the keyboard reaches all of its controls
    scroll->setWidget(page);
    page->load(m_applied);
    m_pages->addWidget(scroll);
    m_all << page;
    m_list->addItem(page->windowTitle());
    m_list->setFixedWidth(m_list->sizeHintForColumn(0) + fontMetrics().averageCharWidth() * 6);
    if (m_list->currentRow() < 0)
        m_list->setCurrentRow(0);
    connect(page, &SettingsPage::edited, this, &SettingsDialog::refreshButtons);
    refreshIcons();
}

Settings SettingsDialog::settings() const
{
    Settings settings = m_applied;
    for (const SettingsPage *page : m_all)
        page->store(settings);
    return settings;
}

void SettingsDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshIcons();
}

void SettingsDialog::refreshIcons()
{
    for (int i = 0; i < m_all.size(); ++i)
        m_list->item(i)->setIcon(StateLook::symbol(m_all.at(i)->symbol(), palette()));
}

void SettingsDialog::refreshButtons()
{
    m_buttons->button(QDialogButtonBox::Apply)->setEnabled(settings() != m_applied);
}

void SettingsDialog::apply()
{
    const Settings wanted = settings();
    if (wanted == m_applied)
        return;
    m_applied = wanted;
    Q_EMIT applied(wanted);
    refreshButtons();
}

void SettingsDialog::restoreDefaults()
{
    m_all.at(m_pages->currentIndex())->load({});
    refreshButtons();
}
