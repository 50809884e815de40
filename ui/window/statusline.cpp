#include "window/statusline.h"

#include "base/clock.h"
#include "detail/elidedlabel.h"
#include "statelook.h"
#include "window/connectionbanner.h"

#include <QCoreApplication>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

#include <algorithm>

using namespace std::chrono_literals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(StatusLine)
};

bool isTrouble(const std::optional<ConnectionStatus> &status)
{
    return status && connectionBanner({}, *status, {});
}

QString lineOf(const ServerLine &server, const QDateTime &now)
{
    QString line = server.name;
    if (server.status)
        line = Words::tr("%1: %2", "server: its connection")
                   .arg(server.name, connectionText(*server.status, now));
    return server.session.isEmpty() ? line : line + QStringLiteral(" · ") + server.session;
}

} // namespace

StatusLine::StatusLine(const Clock &clock, QWidget *parent)
    : QStatusBar(parent)
    , m_clock(clock)
    , m_icon(new QLabel(this))
    , m_server(new ElidedLabel(this))
    , m_note(new ElidedLabel(this))
    , m_undo(new QPushButton(tr("Undo"), this))
    , m_counts(new QLabel(this))
    , m_noteEnd(clock.makeTimer([this] { withdrawUndo(); }))
{
    setAccessibleName(tr("Status"));
    m_undo->setFlat(true);
    m_undo->setToolTip(tr("Undo (Ctrl+Z)"));
    m_counts->setObjectName(QStringLiteral("counts"));
    m_server->setObjectName(QStringLiteral("server"));
    m_note->setObjectName(QStringLiteral("note"));
    // The bar keeps its height while the button comes and goes.
    setMinimumHeight(m_undo->sizeHint().height() + 4);
    m_counts->setContentsMargins(8, 0, 8, 0);
    m_icon->setContentsMargins(8, 0, 0, 0);

    addWidget(m_icon);
    addWidget(m_server, 1);
    addWidget(m_note, 1);
    addWidget(m_undo);
    addPermanentWidget(m_counts);
    connect(m_undo, &QPushButton::clicked, this, &StatusLine::undoClicked);
    withdrawUndo();
    setCounts(0, 0);
    refreshServers();
}

StatusLine::~StatusLine() = default;

void StatusLine::setServers(const QList<ServerLine> &servers)
{
    m_servers = servers;
    std::stable_sort(m_servers.begin(), m_servers.end(),
                     [](const ServerLine &a, const ServerLine &b) {
                         return isTrouble(a.status) && !isTrouble(b.status);
                     });
    refreshServers();
}

void StatusLine::setCounts(qsizetype running, qsizetype attention)
{
    m_counts->setText(
        tr("%1 running · %2 attention", "counts of tasks").arg(running).arg(attention));
}

void StatusLine::offerUndo(const QString &what)
{
    showNote(what, true);
}

void StatusLine::say(const QString &what)
{
    showNote(what, false);
}

void StatusLine::withdrawUndo()
{
    m_noteEnd->stop();
    m_note->hide();
    m_undo->hide();
}

void StatusLine::showNote(const QString &what, bool canUndo)
{
    m_note->setText(what);
    m_note->show();
    m_undo->setVisible(canUndo);
    m_noteEnd->start(10s);
}

void StatusLine::changeEvent(QEvent *event)
{
    QStatusBar::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshServers();
}

void StatusLine::refreshServers()
{
    QStringList lines;
    for (const ServerLine &server : std::as_const(m_servers))
        lines << lineOf(server, m_clock.now().wall);
    m_server->setText(lines.isEmpty() ? tr("Not connected to a server")
                                      : lines.join(QStringLiteral("  ·  ")));
    const auto worst = m_servers.isEmpty() ? std::nullopt : m_servers.constFirst().status;
    if (!worst) {
        m_icon->clear();
        return;
    }
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    m_icon->setPixmap(StateLook::icon(worst->state, palette()).pixmap(size, size));
}
