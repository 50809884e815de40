#include "detail/resultpage.h"

#include "detail/jsonpane.h"
#include "detail/savefile.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

ResultPage::ResultPage(SecretGate &gate, QWidget *parent)
    : QWidget(parent)
    , m_pane(new JsonPane(gate, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(m_pane);
}

void ResultPage::setTask(const TaskRecord &record, bool rewind)
{
    if (!record.snapshot || !record.snapshot->hasResult || !record.reply) {
        const bool isOver = isFinal(record.outcome);
        m_pane->setEmpty(isOver ? tr("This task ended without a result.")
                                : tr("No result yet. It appears here when the task ends."));
        return;
    }
    m_pane->setSource({.document = record.reply->body,
                       .member = "result"_ba,
                       .action = record.snapshot->action,
                       .rule = record.snapshot->secretRule,
                       .isHead = record.snapshot->resultIsHead,
                       .isSecret = record.snapshot->resultIsSecret,
                       .fileName = SaveFile::proposal(record.key.task.text(), u"result.json"_s)},
                      rewind);
}
