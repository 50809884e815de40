#include "window/sidelist.h"

#include "account/colourmark.h"
#include "statelook.h"
#include "window/connectionbanner.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QEvent>
#include <QHeaderView>
#include <QMenu>

#include <algorithm>

namespace {

enum Column { NameColumn, CountColumn };
constexpr int viewRole = Qt::UserRole;
constexpr int serverRole = Qt::UserRole + 1;
constexpr int widthInCharacters = 24;
constexpr int firstFilter = int(taskViewCount) + 1; ///< behind the views and the heading

} // namespace

SideList::SideList(QWidget *parent)
    : QTreeWidget(parent)
    , m_views{addView(TaskView::All, tr("All")), addView(TaskView::Running, tr("Running")),
              addView(TaskView::Attention, tr("Needs attention")),
              addView(TaskView::Today, tr("Finished today"))}
    , m_filtersHead(new QTreeWidgetItem(this, {tr("FILTERS")}))
    , m_serversHead(new QTreeWidgetItem(this, {tr("SERVERS")}))
{
    setAccessibleName(tr("Views and servers"));
    setColumnCount(2);
    setHeaderHidden(true);
    setRootIsDecorated(true); // for the margin that it gives
    setItemsExpandable(false);
    setExpandsOnDoubleClick(false);
    setIndentation(style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextElideMode(Qt::ElideRight);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(0);
    header()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    header()->setSectionResizeMode(CountColumn, QHeaderView::Fixed);
    header()->resizeSection(CountColumn, fontMetrics().horizontalAdvance(u'0') * 7);

    setEditTriggers(EditKeyPressed); // the filters' names
    addHead(m_filtersHead);
    addHead(m_serversHead);
    addFilterActions();
    colourQuietTexts();
    setCurrentItem(m_views[0]);
    connect(this, &QTreeWidget::currentItemChanged, this, &SideList::announceChoice);
}

void SideList::addHead(QTreeWidgetItem *head)
{
    head->setFlags(Qt::NoItemFlags);
    QFont small = font();
    small.setBold(true);
    head->setFont(NameColumn, small);
    head->setSizeHint(NameColumn, QSize(0, fontMetrics().height() + 24));
    head->setTextAlignment(NameColumn, Qt::AlignLeft | Qt::AlignBottom);
    head->setFirstColumnSpanned(true);
    head->setHidden(true);
}

void SideList::addFilterActions()
{
    auto *renameFilter = new QAction(tr("&Rename Filter"), this);
    auto *removeFilter = new QAction(tr("Re&move Filter"), this);
    removeFilter->setShortcut(QKeySequence(Qt::Key_Delete));
    removeFilter->setShortcutContext(Qt::WidgetShortcut);
    addAction(removeFilter);
    connect(renameFilter, &QAction::triggered, this,
            [this] { editItem(currentItem(), NameColumn); });
    connect(removeFilter, &QAction::triggered, this, [this] {
        if (const int number = filterOf(currentItem()); number >= 0)
            Q_EMIT filterRemoveWanted(number);
    });
    m_filterMenu = new QMenu(this);
    m_filterMenu->addActions({renameFilter, removeFilter});
    connect(this, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem *item, int column) {
        const int number = filterOf(item);
        if (number < 0 || column != NameColumn || item->text(NameColumn) == m_filters.at(number))
            return;
        const QString name = item->text(NameColumn);
        item->setText(NameColumn, m_filters.at(number)); // until it is said to be so
        // Not from within the editor: the list is built anew.
        QMetaObject::invokeMethod(
            this, [this, number, name] { Q_EMIT filterRenamed(number, name); },
            Qt::QueuedConnection);
    });
}

int SideList::filterOf(QTreeWidgetItem *item) const
{
    const int number = item ? indexOfTopLevelItem(item) - firstFilter : -1;
    return number >= 0 && number < m_filters.size() ? number : -1;
}

void SideList::setFilters(const QStringList &names)
{
    if (names == m_filters)
        return;
    const int chosen = filterOf(currentItem());
    const QString chosenName = chosen >= 0 ? m_filters.at(chosen) : QString();
    {
        const QSignalBlocker blocker(this); // nothing is chosen by it
        for (; !m_filters.isEmpty(); m_filters.removeLast())
            delete takeTopLevelItem(firstFilter);
        for (const QString &name : names) {
            auto *item = new QTreeWidgetItem(QStringList{name, QStringLiteral("0")});
            item->setFlags(item->flags() | Qt::ItemIsEditable);
            item->setTextAlignment(CountColumn, Qt::AlignRight | Qt::AlignVCenter);
            item->setSizeHint(NameColumn, QSize(0, fontMetrics().height() + 8));
            insertTopLevelItem(firstFilter + int(m_filters.size()), item);
            m_filters.append(name);
        }
        if (chosen >= 0)
            setCurrentItem(nullptr); // so that choosing says so: its filter may differ
    }
    m_filtersHead->setHidden(names.isEmpty());
    if (chosen < 0)
        return;
    const auto again = names.indexOf(chosenName);
    if (again >= 0)
        setCurrentItem(topLevelItem(firstFilter + int(again)));
    else if (names.size() > chosen) // it has another name now, or the next takes over
        setCurrentItem(topLevelItem(firstFilter + chosen));
    else
        chooseView(TaskView::All);
}

void SideList::setFilterCount(int number, qsizetype count)
{
    if (number >= 0 && number < m_filters.size())
        say(topLevelItem(firstFilter + number), count);
}

void SideList::setServerCount(const ServerId &server, qsizetype count)
{
    if (QTreeWidgetItem *item = itemOf(server))
        item->setText(CountColumn, QString::number(count));
}

void SideList::say(QTreeWidgetItem *item, qsizetype count)
{
    item->setText(CountColumn, QString::number(count));
    item->setData(
        NameColumn, Qt::AccessibleTextRole,
        (count == 1 ? tr("%1, 1 task") : tr("%1, %n tasks", nullptr, static_cast<int>(count)))
            .arg(item->text(NameColumn)));
}

QSize SideList::sizeHint() const
{
    // No name of a view is cut, in any language; a count of five digits has room beside it.
    int names = fontMetrics().averageCharWidth() * widthInCharacters;
    for (int i = 0; i < topLevelItemCount(); ++i) {
        if (topLevelItem(i)->data(NameColumn, viewRole).isValid())
            names = std::max(names,
                             fontMetrics().horizontalAdvance(topLevelItem(i)->text(NameColumn))
                                 + fontMetrics().horizontalAdvance(QStringLiteral("0000000")) + 32);
    }
    return {names, 400};
}

QTreeWidgetItem *SideList::addView(TaskView view, const QString &name)
{
    auto *item = new QTreeWidgetItem(this, {name, QStringLiteral("0")});
    item->setData(NameColumn, viewRole, static_cast<int>(view));
    item->setTextAlignment(CountColumn, Qt::AlignRight | Qt::AlignVCenter);
    item->setSizeHint(NameColumn, QSize(0, fontMetrics().height() + 8));
    return item;
}

void SideList::setCount(TaskView view, qsizetype count)
{
    for (QTreeWidgetItem *item : m_views) {
        if (item->data(NameColumn, viewRole).toInt() != static_cast<int>(view))
            continue;
        say(item, count);
    }
}

void SideList::setServers(const ShownServers &servers)
{
    if (servers == m_servers)
        return;
    m_servers = servers;
    const auto chosen = chosenServer();
    {
        const QSignalBlocker blocker(this); // nothing is chosen by it
        while (topLevelItemCount() > firstServer())
            delete takeTopLevelItem(topLevelItemCount() - 1);
        for (const ShownServer &server : servers)
            addServer(server);
        if (QTreeWidgetItem *item = chosen ? itemOf(*chosen) : nullptr)
            setCurrentItem(item);
    }
    m_serversHead->setHidden(servers.isEmpty());
    colourQuietTexts();
    if (chosen && !chosenServer()) {
        const QSignalBlocker blocker(this);
        setCurrentItem(nullptr); // so that choosing says so
    }
    if (chosen && !chosenServer())
        chooseView(TaskView::All);
}

void SideList::addServer(const ShownServer &server)
{
    auto *item = new QTreeWidgetItem(this, {server.name});
    item->setData(NameColumn, serverRole, QVariant::fromValue(server.id.uuid()));
    item->setSizeHint(NameColumn, QSize(0, fontMetrics().height() + 8));
    item->setTextAlignment(CountColumn, Qt::AlignRight | Qt::AlignVCenter);
    auto *words = new QTreeWidgetItem(item);
    words->setFlags(Qt::NoItemFlags); // muted, not chosen
    words->setFirstColumnSpanned(true);
    item->setExpanded(true);
    refreshServer(item);
}

void SideList::setConnection(const ServerId &server, const ConnectionStatus &status,
                             const QDateTime &now)
{
    m_saidAt = now;
    m_connections[server] = status;
    if (QTreeWidgetItem *item = itemOf(server))
        refreshServer(item);
}

void SideList::chooseView(TaskView view)
{
    setCurrentItem(m_views.at(static_cast<size_t>(view)));
}

void SideList::chooseServer(const ServerId &server)
{
    if (QTreeWidgetItem *item = itemOf(server))
        setCurrentItem(item);
}

std::optional<ServerId> SideList::chosenServer() const
{
    const QVariant server =
        currentItem() ? currentItem()->data(NameColumn, serverRole) : QVariant();
    return server.isValid() ? std::optional(ServerId(server.toUuid())) : std::nullopt;
}

void SideList::changeEvent(QEvent *event)
{
    QTreeWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    for (int i = firstServer(); i < topLevelItemCount(); ++i)
        refreshServer(topLevelItem(i));
    colourQuietTexts();
}

void SideList::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    QTreeWidgetItem *item = byKey ? currentItem() : itemAt(event->pos());
    if (item && item->parent())
        item = item->parent();
    const QPoint at = byKey && item ? viewport()->mapToGlobal(visualItemRect(item).bottomLeft())
                                    : event->globalPos();
    if (filterOf(item) >= 0) {
        setCurrentItem(item);
        m_filterMenu->popup(at);
        return;
    }
    const QVariant id = item ? item->data(NameColumn, serverRole) : QVariant();
    if (!id.isValid())
        return;
    const ServerId server(id.toUuid());
    const ShownServer *shown = findServer(m_servers, server);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *signIn =
        menu->addAction(tr("Sign &In…"), this, [this, server] { Q_EMIT signInWanted(server); });
    signIn->setEnabled(shown && shown->enabled);
    menu->addAction(tr("&Edit…"), this, [this, server] { Q_EMIT editWanted(server); });
    menu->popup(at);
}

/// What cannot be chosen is drawn as disabled, too faint to read.
void SideList::colourQuietTexts()
{
    const QColor quiet = StateLook::colour(Outcome::Checking, palette());
    m_filtersHead->setForeground(NameColumn, quiet);
    m_serversHead->setForeground(NameColumn, quiet);
    for (int i = firstServer(); i < topLevelItemCount(); ++i)
        topLevelItem(i)->child(0)->setForeground(NameColumn, quiet);
}

QTreeWidgetItem *SideList::itemOf(const ServerId &server) const
{
    for (int i = firstServer(); i < topLevelItemCount(); ++i) {
        if (topLevelItem(i)->data(NameColumn, serverRole).toUuid() == server.uuid())
            return topLevelItem(i);
    }
    return nullptr;
}

void SideList::refreshServer(QTreeWidgetItem *item)
{
    const ServerId server(item->data(NameColumn, serverRole).toUuid());
    const ShownServer *shown = findServer(m_servers, server);
    const ConnectionStatus status = m_connections.value(server);
    const QString words = connectionText(status, m_saidAt);
    item->setIcon(NameColumn, StateLook::icon(status.state, palette()));
    item->setData(NameColumn, Qt::AccessibleTextRole,
                  QStringLiteral("%1, %2").arg(item->text(NameColumn), words));
    item->child(0)->setText(NameColumn, words);
    if (shown && shown->colourMark > 0) {
        item->setIcon(CountColumn, ColourMark::icon(shown->colourMark, palette()));
        item->setToolTip(CountColumn, ColourMark::name(shown->colourMark));
    }
    const QString tip = status.cause ? describe(*status.cause).nextStep : words;
    item->setToolTip(NameColumn, tip.toHtmlEscaped());
    item->child(0)->setToolTip(NameColumn, tip.toHtmlEscaped());
}

void SideList::announceChoice()
{
    QTreeWidgetItem *item = currentItem();
    if (!item)
        return;
    if (const int number = filterOf(item); number >= 0) {
        Q_EMIT filterChosen(number);
        return;
    }
    if (const auto server = chosenServer()) {
        Q_EMIT viewChosen(TaskView::All, server);
        return;
    }
    Q_EMIT viewChosen(static_cast<TaskView>(item->data(NameColumn, viewRole).toInt()), {});
}
