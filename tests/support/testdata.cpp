#include "testdata.h"

QString testDataPath(QStringView relative)
{
    return QStringLiteral(TASKWATCH_TEST_DATA "/%1").arg(relative);
}
