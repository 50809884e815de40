#pragma once

#include <QApplication>
#include <QTest>

/// main() of a test of the whole program, where PrivateDisplay::isInside().
template<typename Test>
[[nodiscard]] int runInside(int argc, char **argv)
{
    const QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("taskwatch"));
    QApplication::setQuitOnLastWindowClosed(false);
    Test test;
    return QTest::qExec(&test, argc, argv);
}
