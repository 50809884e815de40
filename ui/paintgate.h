#pragma once

#include "base/clock.h"

#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

/// Holds work back until a window has been painted once, so that it does not compete with that.
class PaintGate final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PaintGate)

public:
    /// Both outlive it; the window has not been painted yet.
    PaintGate(QWidget &window, const Clock &clock, QObject *parent = nullptr);
    ~PaintGate() override;

    /// Once it is painted; at once if it was, or is not shown. Some windows never are, such as one
    /// on a desktop that nobody looks at: then half a second later.
    void pass(const std::function<void()> &work);
    void open();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget &m_window;
    std::unique_ptr<ClockTimer> m_limit;
    std::vector<std::function<void()>> m_waiting;
    bool m_isOpen = false;
};
