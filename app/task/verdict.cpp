#include "task/verdict.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <limits>

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
            QString words = object.value(name).toString().simplified();
            if (!words.isEmpty())
                return words;
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

bool isNamed(const QString &action, QLatin1String name)
{
    return action.trimmed().compare(name, Qt::CaseInsensitive) == 0;
}

Verdict withProblems(const QString &rule, const QString &summary, const QStringList &problems)
{
    return {.hasProblems = true, .rule = rule, .summary = summary, .problems = problems};
}

QString invalidSummary(bool isPolicy, const Invalid &invalid)
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

Verdict judgeValidity(bool isPolicy, const QJsonValue &result)
{
    Invalid invalid;
    if (!invalid.gather(result))
        return {};
    return withProblems(isPolicy ? u"Publish policy: isValid is false"_s : u"isValid is false"_s,
                        invalidSummary(isPolicy, invalid), invalid.problems);
}

Verdict judgePolicy(const QJsonValue &result)
{
    // The result's own word counts; without one, its parts' words do.
    if (!result.isObject() || result[u"isValid"].toBool(false))
        return {};
    return judgeValidity(true, result);
}

Verdict judgeErrors(const QString &rule, const QJsonArray &errors)
{
    QStringList problems;
    for (const QJsonValue error : errors) {
        if (problems.size() >= maxProblems)
            break;
        add(problems, textOf(error));
    }
    if (problems.isEmpty())
        return {};
    return withProblems(rule,
                        plural(static_cast<int>(errors.size()),
                               QT_TRANSLATE_N_NOOP("Verdict", "1 error reported"),
                               QT_TRANSLATE_N_NOOP("Verdict", "%n errors reported")),
                        problems);
}

/// What failed of an import: `[{"type","name","error"}]`, as the result itself or its `errors`.
Verdict judgeParts(const QJsonArray &parts)
{
    QStringList problems;
    int failed = 0;
    for (const QJsonValue part : parts) {
        const QJsonValue told = part[u"error"];
        const QString error = told.isString() || told.isObject() ? textOf(told) : QString();
        if (error.isEmpty())
            continue;
        ++failed;
        QString name = part[u"name"].toString().simplified();
        if (name.isEmpty())
            name = part[u"type"].toString().simplified();
        add(problems, name.isEmpty() ? error : u"%1: %2"_s.arg(name, error));
    }
    if (failed == 0)
        return {};
    return withProblems(u"import: parts with an error"_s,
                        plural(failed, QT_TRANSLATE_N_NOOP("Verdict", "1 part failed"),
                               QT_TRANSLATE_N_NOOP("Verdict", "%n parts failed")),
                        problems);
}

Verdict judgeImport(const QJsonValue &result)
{
    return judgeParts(result.isArray() ? result.toArray() : result[u"errors"].toArray());
}

Verdict judgeFailed(const QJsonValue &failed)
{
    const QString rule = u"failed"_s;
    if (failed.isArray()) {
        Verdict verdict = judgeErrors(rule, failed.toArray());
        if (verdict.hasProblems)
            verdict.summary = plural(static_cast<int>(failed.toArray().size()),
                                     QT_TRANSLATE_N_NOOP("Verdict", "1 part failed"),
                                     QT_TRANSLATE_N_NOOP("Verdict", "%n parts failed"));
        return verdict;
    }
    const double count = failed.toDouble(0);
    if (count >= 1 && count <= std::numeric_limits<int>::max())
        return withProblems(rule,
                            plural(static_cast<int>(count),
                                   QT_TRANSLATE_N_NOOP("Verdict", "1 part failed"),
                                   QT_TRANSLATE_N_NOOP("Verdict", "%n parts failed")),
                            {});
    if (failed.toBool(false))
        return withProblems(rule, QCoreApplication::translate("Verdict", "The result says failed"),
                            {});
    return {};
}

/// Of an action that no other rule knows.
Verdict judgeMembers(const QJsonValue &result)
{
    if (!result.isObject())
        return {};
    if (const QJsonValue valid = result[u"isValid"]; valid.isBool())
        return valid.toBool() ? Verdict{} : judgeValidity(false, result);
    Verdict verdict = judgeErrors(u"errors"_s, result[u"errors"].toArray());
    return verdict.hasProblems ? verdict : judgeFailed(result[u"failed"]);
}

} // namespace

Verdict judge(const QString &action, const QJsonValue &result)
{
    Verdict verdict;
    if (isNamed(action, "Publish policy"_L1))
        return judgePolicy(result);
    if (isNamed(action, "Migrate data"_L1) && result.isArray())
        return judgeErrors(u"Migrate data: list of errors"_s, result.toArray());
    if (action.trimmed().startsWith("Import "_L1, Qt::CaseInsensitive))
        verdict = judgeImport(result);
    return verdict.hasProblems ? verdict : judgeMembers(result);
}
