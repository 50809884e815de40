#pragma once

#include <QLineEdit>

#include <memory>

class Clock;
class ClockTimer;
class FieldHint;
struct TaskFilter;

/// Where the filter is typed. A wrong term is explained below it and filters nothing.
class FilterBox final : public QLineEdit
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FilterBox)

public:
    explicit FilterBox(const Clock &clock, QWidget *parent);
    ~FilterBox() override;

    /// Something is typed, and all of it can be read.
    [[nodiscard]] bool isFilter() const;
    /// Wants what is typed searched for once more; soon, and not often.
    void searchAgain();

Q_SIGNALS:
    void filterChanged(const TaskFilter &filter);
    /// In the history, for the filter's free words.
    void searchWanted(const QString &words);
    /// Down or Enter: on to what was found.
    void left();

private:
    void readText(const QString &text);
    void search();

    std::unique_ptr<ClockTimer> m_delay;
    FieldHint *m_hint;
};
