#include "desktop/trayfacts.h"

#include "statelook.h"
#include "task/taskstore.h"
#include "tasks/taskcolumn.h"

#include <QCoreApplication>
#include <QIcon>
#include <QPainter>
#include <QPalette>
#include <QPixmap>

#include <array>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Tray)
};

/// The most severe first.
constexpr std::array outcomesBySeverity{Outcome::Failed,     Outcome::CompletedWithProblems,
                                        Outcome::Stalled,    Outcome::OutcomeUnknown,
                                        Outcome::Unreadable, Outcome::NotFound};
constexpr std::array connectionsBySeverity{Connection::CertificateProblem, Connection::SignInNeeded,
                                           Connection::NoPermission, Connection::Unreachable};
constexpr std::array sizes{16, 22, 24, 32, 48, 64};
constexpr int mostCounted = 99;

/// The colours of a light window, dark enough for white shapes, and white shapes: whatever the
/// panel's colours are.
[[nodiscard]] QPalette plate()
{
    QPalette palette(Qt::white);
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    return palette;
}

void paintCount(QPainter &painter, int size, int count)
{
    const QString text = count > mostCounted ? u"%1+"_s.arg(mostCounted) : QString::number(count);
    QFont font(u"DejaVu Sans"_s);
    font.setBold(true);
    font.setPixelSize(std::max(8, size * (text.size() > 2 ? 45 : 52) / 100));
    const QFontMetricsF metrics(font);
    const double height = std::round(metrics.tightBoundingRect(text).height() + size * 0.2);
    const double width =
        std::min<double>(size, std::max(height, metrics.horizontalAdvance(text) + size * 0.14));
    const QRectF pill(size - width, size - height, width, height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0x16, 0x1b, 0x22));
    painter.drawRoundedRect(pill, height / 3, height / 3);
    painter.setPen(Qt::white);
    painter.setFont(font);
    painter.drawText(pill, Qt::AlignCenter, text);
}

[[nodiscard]] QPixmap draw(const QIcon &shape, const QColor &colour, int count, int size)
{
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.2, size * 0.2);
    // The shape makes room for the count.
    const int part = size * 62 / 100;
    const QPixmap drawn = shape.pixmap(QSize(part, part), 1.0, QIcon::Selected);
    if (count > 0) {
        painter.drawPixmap(size * 6 / 100, size * 4 / 100, drawn);
        paintCount(painter, size, count);
    } else {
        painter.drawPixmap((size - part) / 2, (size - part) / 2, drawn);
    }
    return pixmap;
}

} // namespace

QString trayToolTip(const TrayFacts &facts)
{
    QStringList lines{Words::tr("Taskwatch")};
    if (facts.attention > 0)
        lines << (facts.attention == 1
                      ? Words::tr("1 task needs attention")
                      : Words::tr("%n tasks need attention", nullptr, facts.attention));
    if (facts.troubled > 0)
        lines << (facts.troubled == 1
                      ? Words::tr("1 server needs attention")
                      : Words::tr("%n servers need attention", nullptr, facts.troubled));
    lines << Words::tr("%1 running, %2 finished")
                 .arg(QString::number(facts.running), QString::number(facts.finished));
    return lines.join(u'\n');
}

QIcon trayIcon(const TrayFacts &facts)
{
    if (facts.count() == 0 && facts.running == 0)
        return QIcon(u":/icons/taskwatch.svg"_s);
    const QPalette palette = plate();
    const Outcome outcome = facts.worst.value_or(Outcome::Running);
    // A failed task is worse than a server in trouble, which is worse than all else.
    const bool isTask = !facts.connection || facts.worst == Outcome::Failed;
    const QIcon shape = isTask ? StateLook::icon(outcome, false, palette)
                               : StateLook::icon(*facts.connection, palette);
    const QColor colour = isTask ? StateLook::colour(outcome, palette)
                                 : StateLook::colour(*facts.connection, palette);
    QIcon icon;
    for (const int size : sizes)
        icon.addPixmap(draw(shape, colour, facts.count(), size));
    return icon;
}

void TrayCounts::count(const Task &task, int by)
{
    m_counts[task.outcome] += by;
    if (task.isProblem)
        m_problems[task.outcome] += by;
}

void TrayCounts::take(const TaskStore &store, const QList<TaskKey> &changed)
{
    forget(changed);
    for (const TaskKey &key : changed) {
        const TaskRecord *record = store.find(key);
        if (!record)
            continue;
        const Task task{record->outcome, needsAttention(record->outcome) && !record->acknowledged};
        m_tasks.insert(key, task);
        count(task, 1);
    }
}

void TrayCounts::forget(const QList<TaskKey> &removed)
{
    for (const TaskKey &key : removed) {
        if (const auto known = m_tasks.constFind(key); known != m_tasks.cend()) {
            count(*known, -1);
            m_tasks.erase(known);
        }
    }
}

void TrayCounts::setConnection(const ServerId &server, Connection connection)
{
    m_servers.insert(server, connection);
}

void TrayCounts::forgetServer(const ServerId &server)
{
    m_servers.remove(server);
}

TrayFacts TrayCounts::facts() const
{
    TrayFacts facts;
    for (auto it = m_counts.cbegin(); it != m_counts.cend(); ++it) {
        facts.running += isOpen(it.key()) ? it.value() : 0;
        facts.finished += isFinal(it.key()) ? it.value() : 0;
    }
    for (const Outcome outcome : outcomesBySeverity) {
        const int many = m_problems.value(outcome);
        facts.attention += many;
        if (!facts.worst && many > 0)
            facts.worst = outcome;
    }
    for (const Connection trouble : connectionsBySeverity) {
        const auto many = std::count(m_servers.cbegin(), m_servers.cend(), trouble);
        facts.troubled += static_cast<int>(many);
        if (!facts.connection && many > 0)
            facts.connection = trouble;
    }
    return facts;
}
