#include "window/statusline.h"

#include "base/clock.h"
#include "detail/elidedlabel.h"
#include "statelook.h"
#include "window/connectionbanner.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

using namespace std::chrono_literals;

StatusLine::StatusLine(const Clock &clock, QWidget *parent)
    : QStatusBar(parent)
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
    refreshServer();
}

StatusLine::~StatusLine() = default;

void StatusLine::setServer(const QString &name, const std::optional<ConnectionStatus> &status)
{
    m_serverName = name;
    m_status = status;
    refreshServer();
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
        refreshServer();
}

void StatusLine::refreshServer()
{
    if (!m_status) {
        m_icon->clear();
        m_server->setText(m_serverName.isEmpty() ? tr("Not connected to a server") : m_serverName);
        return;
    }
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    m_icon->setPixmap(StateLook::icon(m_status->state, palette()).pixmap(size, size));
    m_server->setText(
        tr("%1: %2", "server: its connection").arg(m_serverName, connectionText(*m_status)));
}
