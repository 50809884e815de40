#pragma once

#include "guardian/connectionstatus.h"
#include "task/taskrecord.h"

#include <QHash>
#include <QList>
#include <QSize>
#include <QUrl>

#include <functional>

class QIODevice;

/// What `taskwatch wait` prints: what is new of its tasks since it was told last. Decides nothing.
class WaitPrinter
{
public:
    enum class Form {
        Nothing,
        Json,     ///< an object of `show --json` a line, for every change
        Lines,    ///< a line for every step, with time and task
        Terminal, ///< the same, above bars that are painted again and again
    };
    struct Place {
        QIODevice &out;                ///< open for writing
        std::function<QSize()> size{}; ///< Terminal: columns and rows, asked at each painting
    };

    WaitPrinter(Form form, Place place);

    /// Of several tasks each line names its own.
    void setSeveral(bool several) { m_several = several; }

    /// What is new of a task. `now` in UTC.
    void tell(const TaskRecord &record, const QUrl &server, Connection connection,
              const QDateTime &now);
    /// The task's last state.
    void tellEnd(const TaskRecord &record, const QUrl &server, Connection connection,
                 const QDateTime &now);
    /// Paints a bar for each, in place of those before. Does nothing but on a terminal.
    void paintBars(const QList<TaskRecord> &records, const QDateTime &now);

private:
    struct Told {
        std::shared_ptr<const TaskSnapshot> snapshot;
        QByteArray json; ///< a hash of the last line
    };

    void printJson(const TaskRecord &record, const QUrl &server, Connection connection);
    void print(const QString &text);
    void wipeBars();

    Form m_form;
    Place m_place;
    bool m_several = false;
    QHash<TaskKey, Told> m_told;
    int m_bars = 0; ///< lines of bars on the terminal now
};

/// The steps that began, ended or appeared since, a line each, in the order of the tree. Null:
/// since nothing. Pure.
[[nodiscard]] QStringList stepNews(const TaskSnapshot *before, const TaskSnapshot &after);

/// "████▌·····  38%  2:05  Publish policy · Publish schemas", not longer than that. Pure.
[[nodiscard]] QString barText(const TaskRecord &record, const QDateTime &now, int columns);
