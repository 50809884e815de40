#pragma once

#include <QObject>

#include <memory>

class QSocketNotifier;

/// Tells from the event loop that the system asks the program to end: SIGTERM, SIGINT or SIGHUP. A
/// second one ends it at once, as if this were not there. At most one exists at a time.
class TerminationSignals final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TerminationSignals)

public:
    explicit TerminationSignals(QObject *parent = nullptr);
    ~TerminationSignals() override;

Q_SIGNALS:
    void received(int number);

private:
    void read();

    std::unique_ptr<QSocketNotifier> m_notifier;
};
