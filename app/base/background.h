#pragma once

#include "base/giveway.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <memory>
#include <type_traits>
#include <utility>

/// Work on large documents, kept away from the GUI thread.
namespace Background {

/// Runs `work` in the thread pool, then `done(its value)` in the GUI thread, unless `context` (an
/// object of the GUI thread) has died by then. Whether the value is still wanted is for `done` to
/// judge: it may come after a later one was asked for.
template<typename Work, typename Done>
void run(QObject *context, Work work, Done done)
{
    using Result = std::invoke_result_t<Work>;
    QThreadPool::globalInstance()->start(
        [guard = QPointer<QObject>(context), work = std::move(work), done = std::move(done)] {
            giveWay();
            auto result = std::make_shared<Result>(work());
            // Posted to the application, not to the context: that one may be dying just now.
            auto *application = QCoreApplication::instance();
            if (!application)
                return;
            QMetaObject::invokeMethod(
                application,
                [guard, result, done] {
                    if (guard)
                        done(std::move(*result));
                },
                Qt::QueuedConnection);
        });
}

/// A shared value that is destroyed in the thread pool, wherever its last owner lets go.
template<typename T, typename... Args>
[[nodiscard]] std::shared_ptr<const T> makeShared(Args &&...args)
{
    return std::shared_ptr<const T>(new T(std::forward<Args>(args)...), [](const T *value) {
        QThreadPool::globalInstance()->start([value] { delete value; });
    });
}

} // namespace Background
