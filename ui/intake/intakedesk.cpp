#include "intake/intakedesk.h"

#include "intake/intakedialog.h"
#include "statelook.h"
#include "task/advance.h"
#include "task/taskstore.h"
#include "task/taskwords.h"

#include <QMimeData>
#include <QUrl>
#include <QWidget>

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
    const QList<QUrl> urls = data.urls();
    if (urls.isEmpty() || !urls.first().isLocalFile()) {
        takeText(data.text());
        return;
    }
    QStringList texts;
    for (const QUrl &url : urls) {
        const auto text = readIntakeFile(url.toLocalFile());
        if (!text) {
            Q_EMIT refused(text.error());
            return;
        }
        texts << *text;
    }
    takeText(texts.join(QLatin1Char('\n')));
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
    } else if (record.snapshot && m_found) { // on a second server, too: the person chooses
        takeText(record.key.task.text());
    } else if (record.snapshot) {
        m_found = record.key;
        Q_EMIT lookedUp(record);
    } else {
        if (record.outcome != Outcome::NotFound)
            m_silent << namesOf(m_servers).value(record.key.server);
        if (m_places.isEmpty() && !m_found)
            tellThatNobodyKnows(record);
    }
}

void IntakeDesk::tellThatNobodyKnows(TaskRecord record)
{
    const bool allAnswered = m_silent.isEmpty();
    record.key.server = {};
    if (allAnswered)
        record.outcome = Outcome::NotFound;
    Q_EMIT lookedUp(record);
    if (!allAnswered) {
        Q_EMIT refused(
            tr("Found nowhere. Could not be asked: %1.").arg(m_silent.join(QStringLiteral(", "))));
    }
}

void IntakeDesk::takeDialogAnswer(const TaskRecord &record)
{
    const QString words = record.outcome == Outcome::Checking && record.trouble
                              ? describe(*record.trouble).headline
                              : TaskWords::word(record.outcome);
    const QString action = record.snapshot ? record.snapshot->action : QString();
    m_dialog->setAnswer({record.key, record.snapshot != nullptr,
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
    m_found.reset();
    m_silent.clear();
    m_oneRequest = ++m_lastRequest;
    Q_EMIT lookedUp(record);
    Q_EMIT lookUpWanted(m_oneRequest, places);
}
