#include "paintgate.h"

#include <QEvent>
#include <QTimer>

#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr auto limit = 500ms;

} // namespace

PaintGate::PaintGate(QWidget &window, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_limit(clock.makeTimer([this] { open(); }))
{
    window.installEventFilter(this);
}

PaintGate::~PaintGate() = default;

void PaintGate::pass(const std::function<void()> &work)
{
    m_waiting.push_back(work);
    if (m_isOpen || !m_window.isVisible() || m_window.isMinimized())
        open();
    else if (!m_limit->isActive())
        m_limit->start(limit);
}

void PaintGate::open()
{
    m_isOpen = true;
    m_limit->stop();
    for (const auto &work : std::exchange(m_waiting, {}))
        work();
}

bool PaintGate::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Paint) {
        m_window.removeEventFilter(this);
        // It is about to be, with all that it consists of: what is posted would still come first.
        QTimer::singleShot(0, this, &PaintGate::open);
    }
    return QObject::eventFilter(watched, event);
}
