#pragma once

#include <QString>

#include <chrono>

/// What somebody types over a table, letter by letter, to get to a row.
class TypeAhead
{
public:
    struct Search {
        QString text;
        bool isNext = false; ///< the same letter again: to the next row, not to this one
    };

    /// `now`: awake time. What comes soon enough goes on with what came before.
    [[nodiscard]] Search type(const QString &letters, std::chrono::milliseconds now);

private:
    QString m_typed;
    std::chrono::milliseconds m_typedAt{0};
};
