#include "intake/intakedesk.h"

#include "intake/intakedialog.h"
#include "statelook.h"
#include "task/advance.h"
#include "task/taskstore.h"
#include "task/taskwords.h"

#include <QMimeData>
#include <QUrl>
#include <QWidget>

#include <algorithm>

IntakeDesk::IntakeDesk(const TaskStore &store, const Clock &clock, QWidget *window)
    : QObject(window)
    , m_store(store)
    , m_clock(clock)
    , m_window(window)
{
}

void IntakeDesk::takeTyped(const QString &text)
{
    if (text.trimmed().isEmpty())
        return;
    if (m_servers.isEmpty()) {
        Q_EMIT refused(tr("Connect to a server first."));
        return;
    }
    const IntakePlan plan =
        planIntake(text, m_servers, [this](const TaskKey &key) { return m_store.contains(key); });
    if (plan.rows.isEmpty()) {
        Q_EMIT refused(tr("There is no task ID in this. Paste an ID, a link to a task, or the "
                          "answer of the call that started it."));
        return;
    }
    if (plan.rows.size() > 1 || plan.rows.first().kind == IntakeRow::Kind::OtherServer) {
        takeText(text);
        return;
    }
    const IntakeRow &row = plan.rows.first();
    QList<TaskKey> places;
    for (const ServerId &server : row.servers)
        places.append({server, row.id});
    if (places.isEmpty())
        Q_EMIT refused(tr("All servers are disabled."));
    else if (row.kind == IntakeRow::Kind::Tracked)
        Q_EMIT alreadyWatched(places.constFirst());
    else
        lookUpOne(places);
}

void IntakeDesk::setServers(const ShownServers &servers)
{
    if (servers == m_servers)
        return;
    m_servers = servers;
    if (m_dialog)
        m_dialog->close(); // it is about others
}

void IntakeDesk::takeText(const QString &text)
{
    if (IntakeDialog *shown = dialog())
        shown->setText(text);
}

bool IntakeDesk::canTake(const QMimeData &data)
{
    return data.hasText() || data.hasUrls();
}

void IntakeDesk::takeMime(const QMimeData &data)
{
    const IntakeMime read = readIntakeMime(data);
    if (!read.texts.isEmpty())
        takeText(read.texts.join(QLatin1Char('\n')));
    if (!read.troubles.isEmpty())
        Q_EMIT refused(read.troubles.join(QLatin1Char(' ')));
}

void IntakeDesk::openDialog()
{
    if (IntakeDialog *shown = dialog())
        shown->raise();
}

void IntakeDesk::openFile()
{
    if (IntakeDialog *shown = dialog())
        shown->openFile();
}

void IntakeDesk::forgetLookUp()
{
    if (!m_isChoice) // else its answers go on to the dialog
        m_oneRequest = 0;
}

void IntakeDesk::takeAnswer(quint64 request, const PollOutcome &outcome)
{
    TaskRecord record;
    record.key = outcome.key;
    record = advance(record, outcome, m_clock.now());
    // The engine has asked three times before it says so.
    if (!outcome.answer && outcome.answer.error().kind == PollError::Kind::NotKnown)
        record.outcome = Outcome::NotFound;
    if (request == m_oneRequest)
        takeOneAnswer(record);
    else if (m_dialog && request >= m_firstDialogRequest)
        takeDialogAnswer(record);
}

void IntakeDesk::takeOneAnswer(const TaskRecord &record)
{
    m_places.removeOne(record.key);
    if (!m_asksSeveral) {
        Q_EMIT lookedUp(record);
        return;
    }
    m_answers.append(record);
    const auto known =
        std::count_if(m_answers.cbegin(), m_answers.cend(),
                      [](const TaskRecord &each) { return each.snapshot != nullptr; });
    if (m_isChoice) {
        if (m_dialog)
            takeDialogAnswer(record);
    } else if (record.snapshot && known > 1) {
        offerChoice();
    } else if (record.snapshot) {
        Q_EMIT lookedUp(record);
    } else {
        if (record.outcome != Outcome::NotFound)
            m_silent << namesOf(m_servers).value(record.key.server);
        if (m_places.isEmpty() && known == 0)
            tellThatNobodyKnows(record);
    }
}

/// On a second server, too: the person chooses. Nobody is asked again.
void IntakeDesk::offerChoice()
{
    if (m_dialog)
        return; // somebody types in it; the first answer is shown already
    IntakeDialog *shown = dialog();
    if (!shown)
        return;
    m_isChoice = true;
    shown->setAskedFor(m_answers.constFirst().key.task.text());
    for (const TaskRecord &answer : std::as_const(m_answers))
        takeDialogAnswer(answer);
}

void IntakeDesk::tellThatNobodyKnows(TaskRecord record)
{
    const auto silent =
        std::find_if(m_answers.cbegin(), m_answers.cend(),
                     [](const TaskRecord &each) { return each.outcome != Outcome::NotFound; });
    const bool allAnswered = silent == m_answers.cend();
    const QString words =
        tr("Found nowhere. Could not be asked: %1.").arg(m_silent.join(QStringLiteral(", ")));
    if (!allAnswered) { // it may well be there
        record = *silent;
        if (record.trouble)
            record.trouble->detail = words;
    }
    record.key.server = {};
    Q_EMIT lookedUp(record);
    if (!allAnswered)
        Q_EMIT refused(words);
}

void IntakeDesk::takeDialogAnswer(const TaskRecord &record)
{
    const QString words = record.outcome == Outcome::Checking && record.trouble
                              ? describe(*record.trouble).headline
                              : TaskWords::word(record.outcome);
    const QString action = record.snapshot ? record.snapshot->action : QString();
    m_dialog->setAnswer({record.key, record.snapshot != nullptr,
                         record.outcome == Outcome::NotFound,
                         StateLook::icon(record.outcome, false, m_dialog->palette()),
                         action.isEmpty() ? words : QStringLiteral("%1 · %2").arg(words, action)});
}

IntakeDialog *IntakeDesk::dialog()
{
    if (m_servers.isEmpty()) {
        Q_EMIT refused(tr("Connect to a server first."));
        return nullptr;
    }
    if (m_dialog)
        return m_dialog;
    m_firstDialogRequest = m_lastRequest + 1;
    m_dialog = new IntakeDialog(
        m_servers, [this](const TaskKey &key) { return m_store.contains(key); }, m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &IntakeDialog::watchRequested, this, &IntakeDesk::watchWanted);
    connect(m_dialog, &IntakeDialog::lookUpRequested, this, &IntakeDesk::lookUp);
    m_dialog->open();
    return m_dialog;
}

void IntakeDesk::lookUp(const QList<TaskKey> &keys)
{
    if (keys.size() == 1) {
        m_dialog->close();
        lookUpOne(keys);
        return;
    }
    Q_EMIT lookUpWanted(++m_lastRequest, keys);
}

void IntakeDesk::lookUpOne(const QList<TaskKey> &places)
{
    TaskRecord record;
    record.key = places.constFirst();
    m_asksSeveral = places.size() > 1;
    if (m_asksSeveral)
        record.key.server = {};
    m_places = places;
    m_answers.clear();
    m_isChoice = false;
    m_silent.clear();
    m_oneRequest = ++m_lastRequest;
    Q_EMIT lookedUp(record);
    Q_EMIT lookUpWanted(m_oneRequest, places);
}
