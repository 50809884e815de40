#pragma once

#include "notice/noticewords.h"

#include <QObject>

class BannerBar;
class QWidget;

/// Says in the window what the desktop cannot say, until the person has read it.
class NewsBanner final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NewsBanner)

public:
    /// Of that window, which must outlive it.
    NewsBanner(BannerBar &banner, QWidget &window, QObject *parent = nullptr);

public Q_SLOTS:
    /// Joins what is shown already, and makes the window ask for attention. Of a standing trouble
    /// it does no more than that: news would hide the banner that offers the way out.
    void take(const Notification &notification);

Q_SIGNALS:
    void openWanted(const TaskKey &task);

private:
    void show();

    BannerBar &m_banner;
    QWidget &m_window;
    QList<Notification> m_unread; ///< the newest first
};
