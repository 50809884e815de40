#include "desktop/newsbanner.h"

#include "window/banner.h"

#include <QApplication>

#include <algorithm>

namespace {

constexpr qsizetype mostLines = 3;
constexpr qsizetype mostUnread = 100;

} // namespace

NewsBanner::NewsBanner(BannerBar &banner, QWidget &window, QObject *parent)
    : QObject(parent)
    , m_banner(banner)
    , m_window(window)
{
    connect(&banner, &BannerBar::dismissed, this, [this](BannerKind kind) {
        if (kind == BannerKind::News)
            m_unread.clear();
    });
    connect(&banner, &BannerBar::activated, this, [this](BannerKind kind) {
        if (kind != BannerKind::News)
            return;
        const auto first =
            std::find_if(m_unread.cbegin(), m_unread.cend(),
                         [](const Notification &one) { return !one.tasks.isEmpty(); });
        const TaskKey task = first == m_unread.cend() ? TaskKey() : first->tasks.constFirst();
        m_unread.clear();
        m_banner.remove(BannerKind::News);
        if (!task.task.isEmpty())
            Q_EMIT openWanted(task);
    });
}

void NewsBanner::take(const Notification &notification)
{
    m_unread.removeIf([&notification](const Notification &one) {
        return !one.slot.isEmpty() && one.slot == notification.slot;
    });
    if (!notification.isStandingTrouble)
        m_unread.prepend(notification);
    if (m_unread.size() > mostUnread)
        m_unread.removeLast();
    show();
    QApplication::alert(&m_window);
}

void NewsBanner::show()
{
    if (m_unread.isEmpty()) {
        m_banner.remove(BannerKind::News);
        return;
    }
    const Notification &newest = m_unread.constFirst();
    QStringList lines;
    if (!newest.body.isEmpty())
        lines << newest.body;
    for (qsizetype i = 1; i < std::min(m_unread.size(), mostLines); ++i)
        lines << tr("Before that: %1").arg(m_unread.at(i).summary);
    if (m_unread.size() > mostLines)
        lines << tr("and %1 more").arg(m_unread.size() - mostLines);
    const bool hasTask = std::any_of(m_unread.cbegin(), m_unread.cend(),
                                     [](const auto &one) { return !one.tasks.isEmpty(); });
    m_banner.set(BannerKind::News, {newest.summary, lines.join(QLatin1Char('\n')),
                                    hasTask ? tr("Show") : QString(), true});
}
