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
    if (!m_server) {
        Q_EMIT refused(tr("Connect to a server first."));
        return;
    }
    const IntakePlan plan = planIntake(text, m_server->apiRoot, [this](const TaskId &id) {
        return m_store.contains({m_server->id, id});
    });
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
    if (row.kind == IntakeRow::Kind::Tracked)
        Q_EMIT alreadyWatched({m_server->id, row.id});
    else
        lookUpOne(row.id);
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
        Q_EMIT lookedUp(record);
    else if (request == m_dialogRequest && m_dialog) {
        const QString words = record.outcome == Outcome::Checking && record.trouble
                                  ? describe(*record.trouble).headline
                                  : TaskWords::word(record.outcome);
        const QString action = record.snapshot ? record.snapshot->action : QString();
        m_dialog->setAnswer(
            record.key.task, StateLook::icon(record.outcome, false, m_dialog->palette()),
            action.isEmpty() ? words : QStringLiteral("%1 · %2").arg(words, action));
    }
}

IntakeDialog *IntakeDesk::dialog()
{
    if (!m_server) {
        Q_EMIT refused(tr("Connect to a server first."));
        return nullptr;
    }
    if (m_dialog)
        return m_dialog;
    const ServerId server = m_server->id;
    m_dialog = new IntakeDialog(
        m_server->apiRoot,
        [this, server](const TaskId &id) {
            return m_store.contains({server, id});
        },
        m_window);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &IntakeDialog::watchRequested, this,
            [this](const QList<TaskId> &ids) { Q_EMIT watchWanted(keysOf(ids)); });
    connect(m_dialog, &IntakeDialog::lookUpRequested, this, &IntakeDesk::lookUp);
    m_dialog->open();
    return m_dialog;
}

QList<TaskKey> IntakeDesk::keysOf(const QList<TaskId> &ids) const
{
    QList<TaskKey> keys;
    keys.reserve(ids.size());
    for (const TaskId &id : ids)
        keys.append({m_server ? m_server->id : ServerId(), id});
    return keys;
}

void IntakeDesk::lookUp(const QList<TaskId> &ids)
{
    if (ids.size() == 1) {
        m_dialog->close();
        lookUpOne(ids.first());
        return;
    }
    m_dialogRequest = ++m_lastRequest;
    for (const TaskId &id : ids)
        m_dialog->setAnswer(id, StateLook::icon(Outcome::Checking, false, m_dialog->palette()),
                            tr("Asking…"));
    Q_EMIT lookUpWanted(m_dialogRequest, keysOf(ids));
}

void IntakeDesk::lookUpOne(const TaskId &id)
{
    TaskRecord record;
    record.key = {m_server->id, id};
    m_oneRequest = ++m_lastRequest;
    Q_EMIT lookedUp(record);
    Q_EMIT lookUpWanted(m_oneRequest, {record.key});
}
