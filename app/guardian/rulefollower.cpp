#include "guardian/rulefollower.h"

#include "base/background.h"
#include "guardian/parsetaskreply.h"
#include "task/taskstore.h"

#include <utility>

namespace {

/// What the rule decides, and nothing else: what we saw of the steps stays.
std::shared_ptr<const TaskSnapshot> readAgain(const TaskRecord &record, const SecretRules &rules)
{
    const auto read = parseTaskReplyBy(rules, *record.reply);
    if (!read)
        return record.snapshot;
    TaskSnapshot snapshot = *record.snapshot;
    snapshot.secretRule = read->secretRule;
    snapshot.resultIsSecret = read->resultIsSecret;
    snapshot.resultText = read->resultText;
    snapshot.verdict = read->verdict;
    return std::make_shared<const TaskSnapshot>(std::move(snapshot));
}

} // namespace

RuleFollower::RuleFollower(TaskStore &store, std::shared_ptr<SecretRuleBook> book, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_book(std::move(book))
{
    // Also where no rule is left: what was under way may have been read by one.
    connect(&m_store, &TaskStore::added, this, &RuleFollower::follow);
    connect(&m_store, &TaskStore::changed, this, &RuleFollower::follow);
}

bool RuleFollower::setRules(const SecretRules &rules)
{
    if (rules == m_book->rules())
        return false;
    m_book->set(rules);
    follow(m_store.keys());
    return true;
}

void RuleFollower::follow(const QList<TaskKey> &keys)
{
    const SecretRules rules = m_book->rules();
    QList<TaskRecord> others;
    for (const TaskKey &key : keys) {
        const TaskRecord *record = m_store.find(key);
        if (record && record->reply && record->snapshot
            && record->snapshot->secretRule != rules.of(record->snapshot->action))
            others.append(*record);
    }
    if (others.isEmpty())
        return;
    Background::run(
        this,
        [others, rules] {
            QList<TaskStore::Reading> readings;
            readings.reserve(others.size());
            for (const TaskRecord &record : others)
                readings.append({record.key, record.snapshot, readAgain(record, rules)});
            return readings;
        },
        [this](const QList<TaskStore::Reading> &readings) { m_store.reread(readings); });
}
