#pragma once

#include "notice/noticewords.h"

#include <QObject>

/// Puts notifications in front of the person, outside of our window. What cannot be shown is given
/// back, so that the window can say it.
class NotificationSender : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NotificationSender)

public:
    enum class Action { Open, OpenInGuardian, CopyError };

    using QObject::QObject;

    /// Asynchronous; ends with nothing, or with refused().
    virtual void send(const Notification &notification) = 0;
    /// Sends a test and finds out what the desktop can do; ends with triedOut().
    virtual void tryOut() = 0;

Q_SIGNALS:
    void refused(const Notification &notification);
    /// The person clicked. `activationToken` is the desktop's consent to raise a window; may be
    /// empty.
    void chosen(const Notification &notification, NotificationSender::Action action,
                const QString &activationToken);
    /// In words for the operator.
    void triedOut(const QString &words);
};
