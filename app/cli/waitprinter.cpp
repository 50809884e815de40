#include "cli/waitprinter.h"

#include "base/plaintext.h"
#include "cli/showtext.h"
#include "guardian/connectionwords.h"
#include "task/taskfacts.h"
#include "task/taskjson.h"
#include "task/taskwords.h"

#include <QCryptographicHash>
#include <QIODevice>
#include <QJsonDocument>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace {

constexpr int barCells = 20;
constexpr int cellParts = 8;

/// Steps of one level are told apart by their place; another name there is another step.
void addNews(const std::vector<TaskStep> *before, const std::vector<TaskStep> &after, int depth,
             QStringList &lines)
{
    for (std::size_t i = 0; i < after.size(); ++i) {
        const TaskStep &step = after[i];
        const bool known = before && i < before->size() && (*before)[i].name == step.name;
        const TaskStep *const old = known ? &(*before)[i] : nullptr;
        if (step.state != (old ? old->state : StepState::Waiting))
            lines.append(stepLine(step, depth));
        addNews(old ? &old->steps : nullptr, step.steps, depth + 1, lines);
    }
}

[[nodiscard]] QString bar(std::optional<int> percent)
{
    const int parts = percent.value_or(0) * barCells * cellParts / 100;
    QString text(parts / cellParts, u'█');
    static constexpr std::array rests{u'▏', u'▎', u'▍', u'▌', u'▋', u'▊', u'▉'};
    if (const int rest = parts % cellParts; rest > 0)
        text += QChar(rests.at(static_cast<std::size_t>(rest) - 1));
    return text.leftJustified(barCells, u'·');
}

} // namespace

QStringList stepNews(const TaskSnapshot *before, const TaskSnapshot &after)
{
    QStringList lines;
    addNews(before ? &before->steps : nullptr, after.steps, 0, lines);
    return lines;
}

QString barText(const TaskRecord &record, const QDateTime &now, int columns)
{
    const auto percent = TaskFacts::percent(record);
    const QString past = TaskWords::span(TaskFacts::span(record, now), TaskWords::ticking);
    QStringList words{TaskWords::word(record.outcome, record.expired)};
    if (record.snapshot)
        words = {record.snapshot->action, record.snapshot->currentStep};
    words.removeAll(QString());
    QString text = bar(percent) + u' '
                   + (percent ? QString::number(*percent) + u'%' : QString()).rightJustified(4)
                   + u"  "_s + (past.isEmpty() ? QString() : past + u"  "_s)
                   + PlainText::onOneLine(words.join(u" · "_s));
    if (text.size() > columns)
        text = text.left(std::max(1, columns) - 1) + u'…';
    return text;
}

WaitPrinter::WaitPrinter(Form form, Place place)
    : m_form(form)
    , m_place(std::move(place))
{
}

void WaitPrinter::tell(const TaskRecord &record, const QUrl &server, Connection connection,
                       const QDateTime &now)
{
    if (m_form == Form::Json)
        return printJson(record, server, connection);
    if (m_form == Form::Nothing || !record.snapshot)
        return;
    auto &before = m_told[record.key].snapshot;
    if (before == record.snapshot)
        return;
    const QStringList news = stepNews(before.get(), *record.snapshot);
    before = record.snapshot;
    const QString time = m_form == Form::Terminal ? now.toLocalTime().toString(u"HH:mm:ss"_s)
                                                  : now.toUTC().toString(Qt::ISODate);
    const QString task =
        m_several ? PlainText::onOneLine(record.key.task.text()) + u"  "_s : QString();
    QString text;
    for (const QString &line : news)
        text += time + u"  "_s + task + line + u'\n';
    print(text);
}

void WaitPrinter::tellEnd(const TaskRecord &record, const QUrl &server, Connection connection,
                          const QDateTime &now)
{
    if (m_form == Form::Json)
        return printJson(record, server, connection);
    if (m_form == Form::Nothing)
        return;
    const QJsonObject json = taskToJson(record, server, ConnectionWords::kebab(connection));
    print(showText(record, json, now, ShownSteps::None));
}

void WaitPrinter::printJson(const TaskRecord &record, const QUrl &server, Connection connection)
{
    const QJsonObject json = taskToJson(record, server, ConnectionWords::kebab(connection));
    const QByteArray line = QJsonDocument(json).toJson(QJsonDocument::Compact);
    QByteArray hash = QCryptographicHash::hash(line, QCryptographicHash::Sha1);
    QByteArray &told = m_told[record.key].json;
    if (told == hash)
        return;
    told = std::move(hash);
    print(PlainText::inJson(QString::fromUtf8(line)) + u'\n');
}

void WaitPrinter::print(const QString &text)
{
    if (text.isEmpty())
        return;
    wipeBars();
    m_place.out.write(text.toUtf8());
}

void WaitPrinter::wipeBars()
{
    if (m_bars > 0)
        m_place.out.write("\x1b[" + QByteArray::number(m_bars) + "A\r\x1b[J"); // up, and all below
    m_bars = 0;
}

void WaitPrinter::paintBars(const QList<TaskRecord> &records, const QDateTime &now)
{
    if (m_form != Form::Terminal)
        return;
    wipeBars();
    const QSize size = m_place.size();
    // What scrolls off the screen could not be wiped.
    const auto most = std::min<qsizetype>(records.size(), std::max(1, size.height() - 2));
    QString text;
    for (qsizetype i = 0; i < most; ++i)
        text += barText(records.at(i), now, size.width()) + u'\n';
    if (!text.isEmpty()) // without wrapping: a wide letter must not begin another line
        m_place.out.write("\x1b[?7l" + text.toUtf8() + "\x1b[?7h");
    m_bars = static_cast<int>(most);
}
