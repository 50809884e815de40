#include "screenshot.h"

#include "application.h"
#include "mainwindow.h"

#include <QPixmap>

#include <algorithm>

using namespace std::chrono_literals;

namespace {

constexpr auto longestWait = 20s;
constexpr auto between = 200ms;
/// For what is read and laid out in the background after the last answer.
constexpr auto settling = 1200ms;

} // namespace

Screenshot::Screenshot(Application &application, QString file, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_application(application)
    , m_file(std::move(file))
    , m_clock(clock)
    , m_limit(clock.makeTimer([this] { settle(); }))
    , m_next(clock.makeTimer([this] { look(); }))
{
    m_limit->start(longestWait);
    m_next->start(between);
}

Screenshot::~Screenshot() = default;

void Screenshot::look()
{
    if (m_settling)
        take();
    else if (hasArrived())
        settle();
    else
        m_next->start(between);
}

bool Screenshot::hasArrived() const
{
    if (!m_application.isReady())
        return false;
    const TaskStore &tasks = m_application.tasks();
    const QList<TaskKey> keys = tasks.keys();
    return std::all_of(keys.begin(), keys.end(), [&tasks](const TaskKey &key) {
        const TaskRecord *record = tasks.find(key);
        return !record || record->outcome != Outcome::Checking || record->trouble;
    });
}

/// A server that was named is shown, with what it said of each task.
bool Screenshot::isComplete() const
{
    if (!m_application.isReady() || m_application.isServerRefused())
        return false;
    const TaskStore &tasks = m_application.tasks();
    const QList<TaskKey> keys = tasks.keys();
    return std::none_of(keys.begin(), keys.end(), [&tasks](const TaskKey &key) {
        const TaskRecord *record = tasks.find(key);
        return record && record->outcome == Outcome::Checking;
    });
}

void Screenshot::settle()
{
    if (m_settling)
        return;
    m_settling = true;
    m_limit->stop();
    m_application.window().showWorstTask();
    m_next->start(settling);
}

void Screenshot::take()
{
    const QPixmap picture = m_application.window().grab();
    if (!picture.save(m_file, "PNG"))
        Q_EMIT finished(ExitStatus::Internal,
                        tr("The picture could not be written to %1.").arg(m_file));
    else if (!isComplete())
        Q_EMIT finished(ExitStatus::NotAsked,
                        tr("The server did not answer for all that the picture should show."));
    else
        Q_EMIT finished(ExitStatus::Good, {});
}
