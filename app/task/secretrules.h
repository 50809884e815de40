#pragma once

#include <QMap>
#include <QMutex>
#include <QString>

/// How much of an action's results is a secret.
enum class SecretRule : quint8 {
    ByName,  ///< as usual: see secretrule.h
    MaskAll, ///< every text and number of the result
    ShowAll  ///< nothing, for who looks; what is kept is masked by name all the same
};

/// How what outlives a look is masked (the history, exports): a rule that shows all is the
/// operator's word for his own eyes, and a secret once written can never be called back.
[[nodiscard]] constexpr SecretRule ruleForKeeping(SecretRule rule)
{
    return rule == SecretRule::ShowAll ? SecretRule::ByName : rule;
}

/// The operator's rules by action; all others have ByName.
class SecretRules
{
public:
    /// Whatever the case of its letters. An action without letters has no rule of its own.
    void set(const QString &action, SecretRule rule);
    [[nodiscard]] SecretRule of(const QString &action) const;
    /// As they were typed, with spaces around them dropped, by name.
    [[nodiscard]] QMap<QString, SecretRule> all() const { return m_rules; }
    /// A name that differs where something else is masked in what is kept; empty where that is done
    /// by name alone.
    [[nodiscard]] QString markForKeeping() const;
    [[nodiscard]] bool isEmpty() const { return m_rules.isEmpty(); }

    friend bool operator==(const SecretRules &a, const SecretRules &b)
    {
        return a.m_rules == b.m_rules;
    }

private:
    QMap<QString, SecretRule> m_rules;
};

/// The rules in force, for all who read replies, in any thread.
class SecretRuleBook
{
public:
    SecretRuleBook() = default;
    explicit SecretRuleBook(const SecretRules &rules)
        : m_rules(rules)
    {
    }
    Q_DISABLE_COPY_MOVE(SecretRuleBook)

    [[nodiscard]] SecretRules rules() const;
    void set(const SecretRules &rules);

private:
    mutable QMutex m_mutex;
    SecretRules m_rules;
};
