#include "processfacts.h"

#include <QDir>
#include <QFile>

#include <malloc.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

int entriesOf(const QString &folder)
{
    return int(QDir(folder)
                   .entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot)
                   .size());
}

} // namespace

int ProcessFacts::descriptors()
{
    return entriesOf(u"/proc/self/fd"_s);
}

int ProcessFacts::threads()
{
    return entriesOf(u"/proc/self/task"_s);
}

ProcessFacts::Memory ProcessFacts::memory()
{
    Memory memory;
    const struct mallinfo2 heap = mallinfo2();
    memory.inUse = qint64(heap.uordblks) + qint64(heap.hblkhd);
    QFile pages(u"/proc/self/statm"_s);
    if (pages.open(QIODevice::ReadOnly))
        memory.resident = pages.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE);
    return memory;
}
