#include "settings/generalpage.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>

using std::chrono::seconds;

namespace {

QSpinBox *makeSpin(QWidget *parent, int least, int most, const QString &suffix)
{
    auto *spin = new QSpinBox(parent);
    spin->setRange(least, most);
    spin->setSuffix(suffix);
    spin->setAlignment(Qt::AlignRight);
    return spin;
}

} // namespace

GeneralPage::GeneralPage(QWidget *parent)
    : SettingsPage(tr("General"), QStringLiteral("settings"), parent)
    , m_detailPlacement(new QComboBox(this))
    , m_requestsPerSecond(makeSpin(this, 1, 100, tr(" per second")))
    , m_idleTimeout(makeSpin(this, 1, 600, tr(" s")))
    , m_totalTimeout(makeSpin(this, 5, 3'600, tr(" s")))
    , m_historyDays(makeSpin(this, 0, 3'650, tr(" days")))
    , m_historyMegabytes(makeSpin(this, 0, 100'000, tr(" MB")))
{
    using Placement = Settings::DetailPlacement;
    m_detailPlacement->addItem(tr("Where there is room"), int(Placement::Automatic));
    m_detailPlacement->addItem(tr("Below the table"), int(Placement::Below));
    m_detailPlacement->addItem(tr("Beside the table"), int(Placement::Beside));
    addGroup(tr("Window"))->addRow(tr("Place of the &details:"), m_detailPlacement);

    QFormLayout *asking = addGroup(tr("Asking servers"));
    asking->addRow(tr("Give up after &silence of:"), m_idleTimeout);
    asking->addRow(tr("Give up an answer &after:"), m_totalTimeout);
    asking->addRow(tr("&Requests of a new server:"), m_requestsPerSecond);
    asking->addRow(makeNote(
        tr("The most that Taskwatch asks, whatever the number of tasks. Servers that you have "
           "already keep their own limit.")));

    m_historyDays->setSpecialValueText(tr("For ever"));
    m_historyMegabytes->setSpecialValueText(tr("No limit"));
    m_historyMegabytes->setSingleStep(100);
    QFormLayout *history = addGroup(tr("History"));
    history->addRow(tr("&Keep finished tasks for:"), m_historyDays);
    history->addRow(tr("Use at &most:"), m_historyMegabytes);
    history->addRow(makeNote(tr("The oldest finished tasks go first. Tasks that are not finished, "
                                "and pinned ones, always stay.")));

    connect(m_detailPlacement, &QComboBox::currentIndexChanged, this, &SettingsPage::edited);
    for (const QSpinBox *spin :
         {m_requestsPerSecond, m_idleTimeout, m_totalTimeout, m_historyDays, m_historyMegabytes})
        connect(spin, &QSpinBox::valueChanged, this, &SettingsPage::edited);
}

void GeneralPage::load(const Settings &settings)
{
    m_detailPlacement->setCurrentIndex(m_detailPlacement->findData(int(settings.detailPlacement)));
    m_requestsPerSecond->setValue(settings.requestsPerSecond);
    m_idleTimeout->setValue(int(settings.idleTimeout.count()));
    m_totalTimeout->setValue(int(settings.totalTimeout.count()));
    m_historyDays->setValue(settings.historyDays);
    m_historyMegabytes->setValue(settings.historyMegabytes);
}

void GeneralPage::store(Settings &settings) const
{
    settings.detailPlacement = Settings::DetailPlacement(m_detailPlacement->currentData().toInt());
    settings.requestsPerSecond = m_requestsPerSecond->value();
    settings.idleTimeout = seconds{m_idleTimeout->value()};
    settings.totalTimeout = seconds{m_totalTimeout->value()};
    settings.historyDays = m_historyDays->value();
    settings.historyMegabytes = m_historyMegabytes->value();
}
