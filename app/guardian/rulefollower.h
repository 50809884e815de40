#pragma once

#include "task/secretrules.h"
#include "task/taskrecord.h"

#include <QList>
#include <QObject>

#include <memory>

class TaskStore;

/// Reads the store's tasks again where they were read by another rule of what is secret than is in
/// force: a rule was changed, or an answer or an import was read before. Replies are read in the
/// thread pool.
class RuleFollower final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RuleFollower)

public:
    /// The store must outlive it.
    RuleFollower(TaskStore &store, std::shared_ptr<SecretRuleBook> book, QObject *parent = nullptr);

    /// Puts the rules in force, for all who read by the book. Gives whether they are others.
    bool setRules(const SecretRules &rules);

private:
    void follow(const QList<TaskKey> &keys);

    TaskStore &m_store;
    std::shared_ptr<SecretRuleBook> m_book;
};
