#include "task/verdict.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace {

constexpr int maxProblems = 1000;

QString textOf(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().simplified();
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (const QLatin1String name : {"message"_L1, "text"_L1, "error"_L1}) {
            if (const QJsonValue words = object.value(name); words.isString())
                return words.toString().simplified();
        }
        return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
    }
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    return value.toVariant().toString();
}

void add(QStringList &problems, const QString &problem)
{
    if (problems.size() < maxProblems && !problem.isEmpty())
        problems.append(problem);
}

/// Gathers the innermost objects that say `isValid: false`: a policy's blocks, tools, modules.
struct Invalid {
    int parts = 0;
    QStringList problems;

    void addErrors(const QString &name, const QJsonArray &errors)
    {
        for (const QJsonValue error : errors) {
            const QString words = textOf(error);
            add(problems, name.isEmpty() ? words : u"%1: %2"_s.arg(name, words));
            if (problems.size() >= maxProblems)
                return;
        }
    }

    /// Whether `value` holds such an object.
    bool gather(const QJsonValue &value)
    {
        bool found = false;
        if (value.isArray()) {
            const QJsonArray items = value.toArray();
            for (const QJsonValue item : items)
                found = gather(item) || found;
            return found;
        }
        if (!value.isObject())
            return false;
        const QJsonObject object = value.toObject();
        for (const QJsonValue member : object)
            found = gather(member) || found;
        const QJsonValue valid = object.value("isValid"_L1);
        if (!valid.isBool() || valid.toBool())
            return found;
        const QJsonArray errors = object.value("errors"_L1).toArray();
        if (found && errors.isEmpty())
            return true; // it only says that a part of it is invalid
        const QString id = object.value("id"_L1).toVariant().toString();
        if (!id.isEmpty())
            ++parts;
        if (errors.isEmpty())
            add(problems, id);
        else
            addErrors(id, errors);
        return true;
    }
};

QString plural(int n, const char *one, const char *many)
{
    return QCoreApplication::translate("Verdict", n == 1 ? one : many, nullptr, n);
}

QString summaryOf(bool isPolicy, const Invalid &invalid)
{
    if (isPolicy && invalid.parts > 0)
        return plural(invalid.parts, QT_TRANSLATE_N_NOOP("Verdict", "Policy is invalid: 1 block"),
                      QT_TRANSLATE_N_NOOP("Verdict", "Policy is invalid: %n blocks"));
    if (isPolicy)
        return QCoreApplication::translate("Verdict", "Policy is invalid");
    const auto count = static_cast<int>(invalid.problems.size());
    if (count > 0)
        return plural(count, QT_TRANSLATE_N_NOOP("Verdict", "Result is not valid: 1 problem"),
                      QT_TRANSLATE_N_NOOP("Verdict", "Result is not valid: %n problems"));
    return QCoreApplication::translate("Verdict", "Result is not valid");
}

} // namespace

Verdict judge(const QString &action, const QJsonValue &result)
{
    if (!result.isObject())
        return {};
    const bool isPolicy = action.trimmed().compare("Publish policy"_L1, Qt::CaseInsensitive) == 0;
    const QJsonValue valid = result[u"isValid"];
    // The result's own word counts; only a policy's result without one is searched.
    if (valid.isBool() ? valid.toBool() : !isPolicy)
        return {};
    Invalid invalid;
    if (!invalid.gather(result))
        return {};
    Verdict verdict;
    verdict.hasProblems = true;
    verdict.rule = u"isValid: false"_s;
    verdict.summary = summaryOf(isPolicy, invalid);
    verdict.problems = invalid.problems;
    return verdict;
}
