#include "base/giveway.h"

#include <QtGlobal>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

void giveWay()
{
#ifdef Q_OS_LINUX
    constexpr int nice = 5; // a third of the weight; each thread has its own there
    const auto self = id_t(::syscall(SYS_gettid));
    if (::getpriority(PRIO_PROCESS, self) < nice)
        ::setpriority(PRIO_PROCESS, self, nice);
#endif
}
