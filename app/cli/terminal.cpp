#include "cli/terminal.h"

#include <QByteArray>

#include <sys/ioctl.h>
#include <unistd.h>

bool Terminal::isInteractive(int descriptor)
{
    const QByteArray kind = qgetenv("TERM");
    return ::isatty(descriptor) == 1 && !kind.isEmpty() && kind != "dumb";
}

QSize Terminal::size(int descriptor)
{
    struct winsize window = {};
    if (::ioctl(descriptor, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
        return {80, 24};
    return {window.ws_col, window.ws_row};
}
