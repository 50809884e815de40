#pragma once

#include "cli/commandline.h"

#include <QObject>

class MainWindow;

/// For the benchmark: says "painted" on stdout once the window, or its first task, has been
/// painted, and ends the program unless that waits for its end.
class FirstPaint final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FirstPaint)

public:
    /// The window must outlive it.
    FirstPaint(MainWindow &window, CommandLine::EndAfter after, QObject *parent = nullptr);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    MainWindow &m_window;
    bool m_needsRows;
    bool m_ends;
    bool m_said = false;
};
