#include "task/secretrules.h"

#include <QCryptographicHash>
#include <QStringList>

void SecretRules::set(const QString &action, SecretRule rule)
{
    const QString name = action.simplified();
    m_rules.removeIf([&name](const std::pair<const QString &, SecretRule &> &other) {
        return other.first.compare(name, Qt::CaseInsensitive) == 0;
    });
    if (!name.isEmpty())
        m_rules.insert(name, rule);
}

SecretRule SecretRules::of(const QString &action) const
{
    if (m_rules.isEmpty())
        return SecretRule::ByName;
    const QString name = action.simplified();
    for (auto it = m_rules.cbegin(); it != m_rules.cend(); ++it) {
        if (it.key().compare(name, Qt::CaseInsensitive) == 0)
            return it.value();
    }
    return SecretRule::ByName;
}

QString SecretRules::markForKeeping() const
{
    QStringList masked;
    for (auto it = m_rules.cbegin(); it != m_rules.cend(); ++it) {
        if (ruleForKeeping(it.value()) == SecretRule::MaskAll)
            masked.append(it.key().toCaseFolded());
    }
    masked.sort();
    return masked.isEmpty()
               ? QString()
               : QString::fromLatin1(
                   QCryptographicHash::hash(masked.join(u'\n').toUtf8(), QCryptographicHash::Sha256)
                       .toHex());
}

SecretRules SecretRuleBook::rules() const
{
    const QMutexLocker lock(&m_mutex);
    return m_rules;
}

void SecretRuleBook::set(const SecretRules &rules)
{
    const QMutexLocker lock(&m_mutex);
    m_rules = rules;
}
