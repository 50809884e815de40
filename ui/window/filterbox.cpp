#include "window/filterbox.h"

#include "base/clock.h"
#include "task/taskfilter.h"
#include "window/fieldhint.h"

#include <QShortcut>

#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr auto afterTheLastLetter = 150ms;
constexpr auto afterKeeping = 2s; ///< something was kept that may match
/// A pasted text is searched for as a whole only.
constexpr qsizetype mostWordsAlone = 8;

} // namespace

FilterBox::FilterBox(const Clock &clock, QWidget *parent)
    : QLineEdit(parent)
    , m_delay(clock.makeTimer([this] { search(); }))
    , m_hint(new FieldHint(this))
{
    setAcceptDrops(false); // a dropped ID is to be watched
    connect(this, &QLineEdit::textChanged, this, &FilterBox::readText);
    connect(this, &QLineEdit::returnPressed, this, &FilterBox::left);
    auto *const down = new QShortcut(this);
    down->setKey(Qt::Key_Down);
    down->setContext(Qt::WidgetShortcut);
    connect(down, &QShortcut::activated, this, &FilterBox::left);
}

FilterBox::~FilterBox() = default;

bool FilterBox::isFilter() const
{
    return !text().trimmed().isEmpty() && parseFilter(text());
}

void FilterBox::searchAgain()
{
    if (!text().isEmpty() && !m_delay->isActive())
        m_delay->start(afterKeeping);
}

void FilterBox::readText(const QString &text)
{
    const auto filter = parseFilter(text);
    m_hint->setHint(filter ? QString() : filter.error().message);
    Q_EMIT filterChanged(filter ? *filter : filter.error().rest);
    m_delay->start(afterTheLastLetter);
}

void FilterBox::search()
{
    const auto filter = parseFilter(text());
    QStringList words = freeWords(filter ? *filter : filter.error().rest);
    if (words.isEmpty())
        return;
    Q_EMIT searchWanted(words.join(u' '));
    words.removeDuplicates();
    if (words.size() == 1 || words.size() > mostWordsAlone)
        return;
    for (const QString &word : std::as_const(words))
        Q_EMIT searchWanted(word); // the row may show the others
}
