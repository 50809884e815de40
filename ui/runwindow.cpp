#include "runwindow.h"

#include "cli/commandline.h"

#include <QApplication>
#include <QMainWindow>

int runWindow(const CommandLine &, int &argc, char **argv)
{
    const QApplication application(argc, argv);
    QMainWindow window;
    window.show();
    return QApplication::exec();
}
