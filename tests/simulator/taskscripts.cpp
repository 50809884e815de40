#include "taskscripts.h"

#include "plansteps.h"

#include <QJsonArray>
#include <QJsonObject>

#include <array>
#include <utility>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

using Ending = TaskPlan::Ending;
using PlanSteps::leaf;

constexpr std::array<std::pair<Script, const char *>, 21> names{{
    {Script::Quick, "quick"},
    {Script::Normal, "normal"},
    {Script::Nested, "nested"},
    {Script::ImportPolicy, "import-policy"},
    {Script::Failing, "failing"},
    {Script::FailingText, "failing-text"},
    {Script::FailingNested, "failing-nested"},
    {Script::Problems, "problems"},
    {Script::Stalled, "stalled"},
    {Script::NeverEnding, "never-ending"},
    {Script::EndlessFalsy, "endless-falsy"},
    {Script::LateResult, "late-result"},
    {Script::BigResult, "big-result"},
    {Script::StringResult, "string-result"},
    {Script::NumberResult, "number-result"},
    {Script::ArrayResult, "array-result"},
    {Script::SecretResult, "secret-result"},
    {Script::LongWait, "long-wait"},
    {Script::LongTexts, "long-texts"},
    {Script::ForgottenEarly, "forgotten-early"},
    {Script::ForgottenLate, "forgotten-late"},
}};

TaskPlan plan(const QString &action, std::vector<PlanStep> steps, const QJsonValue &result = {})
{
    TaskPlan made;
    made.action = action;
    made.steps = std::move(steps);
    made.result = result;
    made.expectation = int(leavesOf(made).size());
    return made;
}

TaskPlan failing(TaskPlan made, milliseconds at, const QJsonValue &error, bool infoShowsIt = true)
{
    made.ending = Ending::Error;
    made.failsAt = at;
    made.error = error;
    made.infoShowsFailure = infoShowsIt;
    return made;
}

QJsonObject invalidPolicy()
{
    const auto block = [](const QString &id, const QJsonArray &errors) {
        return QJsonObject{{u"id"_s, id}, {u"isValid"_s, errors.isEmpty()}, {u"errors"_s, errors}};
    };
    const QJsonArray blocks{
        block(u"b6f1c1de-01"_s, {u"Option \"uiMetaData\" is not set"_s}),
        block(u"b6f1c1de-02"_s, {}),
        block(u"b6f1c1de-03"_s, {u"Schema with id \"#4f2b\" does not exist"_s,
                                 u"Option \"idType\" must be one of DID, UUID, OWNER"_s}),
        block(u"b6f1c1de-04"_s, {u"Token \"0.0.48170\" does not exist"_s})};
    return {
        {u"policyId"_s, u"65f0c3a1b5d2e7f8a9b0c1d2"_s},
        {u"isValid"_s, false},
        {u"errors"_s,
         QJsonObject{{u"isValid"_s, false}, {u"errors"_s, QJsonArray{}}, {u"blocks"_s, blocks}}}};
}

/// An array of objects as JSON text, so that nobody has to build a tree of that size.
QByteArray bigResult(qsizetype bytes)
{
    QByteArray text;
    text.reserve(bytes + 256);
    text += '[';
    for (qsizetype i = 0; text.size() < bytes; ++i) {
        const QByteArray number = QByteArray::number(i);
        text += i > 0 ? "," : "";
        text += R"({"index":)" + number + R"(,"messageId":"1780000)" + number.rightJustified(9, '0')
                + R"(.001","document":{"type":"VerifiableCredential","issuer":"did:hedera:testnet:)"
                + number + R"(_0.0.4817","verified":true,"notes":["measured","reviewed"]}})";
    }
    return text + ']';
}

TaskPlan bigPlan(qsizetype bytes)
{
    TaskPlan made = plan(u"Preview policy message"_s,
                         {leaf(u"Load file from IPFS"_s, 6s), leaf(u"Parse file"_s, 4s)});
    made.rawResult = bigResult(bytes);
    return made;
}

TaskPlan stalled()
{
    TaskPlan made = plan(u"Connect user"_s,
                         {leaf(u"Check connection"_s, 3s, 1), leaf(u"Create DID document"_s, 6s),
                          leaf(u"Publish DID document"_s, 30s), leaf(u"Create VC document"_s, 6s),
                          leaf(u"Restore user profile"_s, 20s)});
    made.freezesAt = 20s;
    return made;
}

TaskPlan neverEnding()
{
    TaskPlan made = plan(u"Approve external policy"_s,
                         {leaf(u"Find request"_s, 5s, 1), leaf(u"Wait for consensus"_s, 600s, 40)});
    made.ending = Ending::Never;
    return made;
}

TaskPlan endlessFalsy()
{
    TaskPlan made = plan(u"Delete token"_s,
                         {leaf(u"Find token"_s, 2s, 1), leaf(u"Delete token in network"_s, 10s)});
    made.ending = Ending::Silence;
    return made;
}

TaskPlan lateResult()
{
    TaskPlan made =
        plan(u"Clone policy"_s, {leaf(u"Load policy"_s, 5s), leaf(u"Create copy"_s, 15s)},
             u"65f0c3a1b5d2e7f8a9b0c1ee"_s);
    made.resultDelay = 60s;
    return made;
}

TaskPlan longWait()
{
    TaskPlan made = plan(u"Restore user profile"_s,
                         {leaf(u"Search topics"_s, 20s), leaf(u"Restore keys"_s, 10s)},
                         QJsonObject{{u"restored"_s, 14}});
    made.waiting = 10min;
    return made;
}

TaskPlan longTexts()
{
    const QString words = u"Verifiable credentials of the methodology's third monitoring period "_s;
    const QString arabic = u"نشر السياسة إلى الشبكة مع جميع المخططات والرموز"_s;
    const QString cjk = u"發布政策並將所有結構描述傳送至網路主題以供驗證"_s;
    // Markup and control characters: server text is plain text, whatever it looks like.
    return plan(
        u"Publish policy "_s + words.repeated(4) + arabic,
        {leaf(words.repeated(20), 20s), leaf(arabic.repeated(3), 20s), leaf(cjk.repeated(8), 20s),
         leaf(u"<b>bold?</b> <img src=x> & line\nbreak\ttab \u202Eright to left\u202C"_s, 20s),
         leaf(u"👩‍🚀🧑🏽‍🌾 e\u0301 Å ﬁ ẞ"_s, 20s),
         leaf(QString(400, u'W'), 20s), leaf(QString(), 20s)},
        QJsonObject{{u"message"_s, words.repeated(60)}, {arabic, cjk}});
}

TaskPlan forgotten(bool early)
{
    TaskPlan made =
        plan(u"Import schema message"_s,
             {leaf(u"Load message"_s, 10s), leaf(u"Load file"_s, 20s), leaf(u"Save schema"_s, 30s)},
             QJsonObject{{u"schemasMap"_s, QJsonArray{}}, {u"errors"_s, QJsonArray{}}});
    made.forgottenAt = early ? 40s : 120s;
    return made;
}

QJsonObject nestedError()
{
    return {
        {u"statusCode"_s, 422},
        {u"error"_s, QJsonObject{{u"name"_s, u"ValidationError"_s},
                                 {u"message"_s, u"Schema \"Project description\" is not valid"_s},
                                 {u"path"_s, QJsonArray{u"fields"_s, 4, u"enum"_s}}}}};
}

TaskPlan planOf(Script script, const ScriptOptions &options)
{
    switch (script) {
    case Script::Quick:
        return plan(
            u"Freeze token"_s,
            {leaf(u"Resolve Hedera account"_s, 300ms, 1), leaf(u"Freeze token"_s, 700ms, 1)},
            QJsonObject{{u"tokenId"_s, u"0.0.48170"_s}, {u"frozen"_s, true}});
    case Script::Normal:
        return plan(u"Create token"_s, PlanSteps::createToken(),
                    QJsonObject{{u"tokenId"_s, u"0.0.48171"_s}, {u"tokenSymbol"_s, u"CO2"_s}});
    case Script::Nested:
        return plan(u"Publish policy"_s, PlanSteps::publishPolicy(),
                    QJsonObject{{u"policyId"_s, u"65f0c3a1b5d2e7f8a9b0c1d2"_s},
                                {u"isValid"_s, true},
                                {u"errors"_s, QJsonObject{{u"blocks"_s, QJsonArray{}}}}});
    case Script::ImportPolicy:
        return plan(u"Import policy file"_s, PlanSteps::importPolicy(),
                    QJsonObject{{u"policyId"_s, u"65f0c3a1b5d2e7f8a9b0c1d3"_s},
                                {u"errors"_s, QJsonArray{}}});
    case Script::Failing:
        return failing(
            plan(u"Import policy file"_s, PlanSteps::importPolicy()), 100s,
            QJsonObject{{u"code"_s, 500}, {u"message"_s, u"INSUFFICIENT_PAYER_BALANCE"_s}});
    case Script::FailingText:
        return failing(plan(u"Import tool message"_s,
                            {leaf(u"Load message"_s, 10s), leaf(u"Load file from IPFS"_s, 60s)}),
                       25s, u"Request to IPFS failed: timeout of 120000ms exceeded"_s, false);
    case Script::FailingNested:
        return failing(plan(u"Publish schema"_s, PlanSteps::publishSchemas()), 40s, nestedError());
    case Script::Problems: {
        TaskPlan made =
            plan(u"Publish policy"_s,
                 {leaf(u"Resolve Hedera account"_s, 2s, 1), leaf(u"Validate policy"_s, 20s)},
                 invalidPolicy());
        made.ending = Ending::Problem;
        return made;
    }
    case Script::Stalled:
        return stalled();
    case Script::NeverEnding:
        return neverEnding();
    case Script::EndlessFalsy:
        return endlessFalsy();
    case Script::LateResult:
        return lateResult();
    case Script::BigResult:
        return bigPlan(options.resultBytes);
    case Script::StringResult:
        return plan(u"Create policy"_s,
                    {leaf(u"Create topic"_s, 8s), leaf(u"Save policy in database"_s, 4s)},
                    u"65f0c3a1b5d2e7f8a9b0c1d4"_s);
    case Script::NumberResult: {
        TaskPlan made = plan(u"Delete policies"_s,
                             {leaf(u"Delete documents"_s, 15s), leaf(u"Delete topics"_s, 15s)});
        made.rawResult = "9007199254740993"; // a double would make it …992
        return made;
    }
    case Script::ArrayResult:
        return plan(u"Get user topics"_s, {leaf(u"Search topics"_s, 12s)},
                    QJsonArray{u"0.0.48173"_s, u"0.0.48174"_s,
                               QJsonObject{{u"topicId"_s, u"0.0.48175"_s}}, 4817, true,
                               QJsonValue(QJsonValue::Null)});
    case Script::SecretResult:
        return plan(
            u"Create random key"_s,
            {leaf(u"Create account"_s, 5s), leaf(u"Wait for the network"_s, 5s)},
            QJsonObject{{u"id"_s, u"0.0.48176"_s},
                        {u"key"_s, u"302e020100300506032b657004220420SIMULATED-PRIVATE-KEY"_s}});
    case Script::LongWait:
        return longWait();
    case Script::LongTexts:
        return longTexts();
    case Script::ForgottenEarly:
        return forgotten(true);
    case Script::ForgottenLate:
        return forgotten(false);
    }
    Q_UNREACHABLE();
}

} // namespace

TaskPlan makePlan(Script script, const ScriptOptions &options)
{
    TaskPlan made = planOf(script, options);
    if (!options.action.isEmpty())
        made.action = options.action;
    return made;
}

const std::vector<Script> &allScripts()
{
    static const std::vector<Script> scripts = [] {
        std::vector<Script> all;
        all.reserve(names.size());
        for (const auto &entry : names)
            all.push_back(entry.first);
        return all;
    }();
    return scripts;
}

QString scriptName(Script script)
{
    for (const auto &[each, name] : names)
        if (each == script)
            return QString::fromLatin1(name);
    return {};
}

std::optional<Script> scriptOfName(const QString &name)
{
    for (const auto &[script, each] : names)
        if (name == QLatin1String(each))
            return script;
    return std::nullopt;
}
