#include "tasks/typeahead.h"

#include <QApplication>

using std::chrono::milliseconds;

TypeAhead::Search TypeAhead::type(const QString &letters, milliseconds now)
{
    const bool goesOn = now - m_typedAt < milliseconds(QApplication::keyboardInputInterval());
    m_typedAt = now;
    m_typed = goesOn ? m_typed + letters : letters;
    const bool isOneLetter = m_typed.count(m_typed.at(0), Qt::CaseInsensitive) == m_typed.size();
    return isOneLetter ? Search{m_typed.first(1), true} : Search{m_typed, false};
}
