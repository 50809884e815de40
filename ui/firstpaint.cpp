#include "firstpaint.h"

#include "mainwindow.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"

#include <QCoreApplication>
#include <QEvent>
#include <QTextStream>
#include <QTimer>

FirstPaint::FirstPaint(MainWindow &window, CommandLine::EndAfter after, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_needsRows(after == CommandLine::EndAfter::Rows || after == CommandLine::EndAfter::Quit)
    , m_ends(after != CommandLine::EndAfter::Quit)
{
    if (after == CommandLine::EndAfter::Never)
        return;
    if (m_needsRows)
        window.findChild<TaskTableView *>()->viewport()->installEventFilter(this);
    else
        window.installEventFilter(this);
}

bool FirstPaint::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Paint && !m_said
        && (!m_needsRows || m_window.model().rowCount() > 0)) {
        m_said = true;
        QTimer::singleShot(0, this, [ends = m_ends] { // once it is on the screen
            QTextStream(stdout) << "painted" << Qt::endl;
            if (ends)
                QCoreApplication::quit();
        });
    }
    return QObject::eventFilter(watched, event);
}
