#include "demo.h"

#include <QJsonObject>

#include <array>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

struct Scene {
    Script script;
    const char *label;
    milliseconds age;
    double stretch;
    const char *action; ///< null: the script's own
};

constexpr std::array<Scene, 40> scenes{{
    {Script::Nested, "iREC 4", 80s, 1, nullptr},
    {Script::Nested, "iREC 5", 20s, 2, nullptr},
    {Script::ImportPolicy, "VM0033", 40s, 1.5, nullptr},
    {Script::Failing, "VM0044", 95s, 1, nullptr},
    {Script::Failing, "VM0042, second try", 10min, 1, nullptr},
    {Script::Normal, "Carbon token", 1h, 1, nullptr},
    {Script::Normal, "Offset token", 5s, 3, nullptr},
    {Script::Quick, "Freeze for audit", 0s, 10, nullptr},
    {Script::Quick, "Freeze ended", 20min, 1, "Unfreeze token"},
    {Script::Problems, "GHGP corporate", 3min, 1, nullptr},
    {Script::Problems, "DOVU 3 draft", 5s, 3, nullptr},
    {Script::Stalled, "Verifier B", 40min, 1, nullptr},
    {Script::NeverEnding, "Registry approval", 26h, 1, nullptr},
    {Script::EndlessFalsy, "Old token", 30s, 2, nullptr},
    {Script::LateResult, "iREC 4 copy", 15s, 1, nullptr},
    {Script::StringResult, "Wind farm 12", 2h, 1, nullptr},
    {Script::StringResult, "Solar roof 3", 2s, 4, "Create Policy (wizard)"},
    {Script::NumberResult, "Clean-up", 4h, 1, nullptr},
    {Script::ArrayResult, "Topics of alice", 1h, 1, nullptr},
    {Script::SecretResult, "Key of project 7", 12min, 1, nullptr},
    {Script::LongWait, "Restore bob", 30s, 1, nullptr},
    {Script::LongWait, "Restore carol", 9min + 50s, 1, nullptr},
    {Script::LongTexts, "Long names", 30s, 4, nullptr},
    {Script::FailingText, "Tool: unit conversion", 20s, 1, nullptr},
    {Script::FailingNested, "Schema: project", 6min, 1, nullptr},
    {Script::FailingNested, "Schema: monitoring", 0s, 3, nullptr},
    {Script::ForgottenEarly, "Lost in a restart", 5s, 6, nullptr},
    {Script::ForgottenLate, "Schema: emissions", 50s, 3, nullptr},
    {Script::ImportPolicy, "Verra redwood", 10s, 8, "Import policy message"},
    {Script::ImportPolicy, "Gold Standard", 100s, 2, nullptr},
    {Script::Nested, "Cookstove 2.1", 3h, 1, nullptr},
    {Script::Nested, "Biochar", 30s, 6, nullptr},
    {Script::Nested, "Mangrove", 4min, 1, "Publish tool"},
    {Script::Normal, "Associate 0.0.4817", 3s, 5, "Associate token"},
    {Script::Normal, "KYC of bob", 25s, 1, "Grant KYC"},
    {Script::Normal, "KYC of mallory", 50min, 1, "Revoke KYC"},
    {Script::Normal, "", 8s, 4, "Preview schema message"},
    {Script::Normal, "", 0s, 8, "Migrate data"},
    {Script::BigResult, "Big preview", 15s, 1, nullptr},
    {Script::Stalled, "Verifier C", 0s, 1, nullptr},
}};

constexpr std::array<Script, 8> later{{Script::Normal, Script::Nested, Script::Quick,
                                       Script::ImportPolicy, Script::StringResult, Script::Failing,
                                       Script::Problems, Script::FailingText}};
constexpr int mostLater = 500;
constexpr milliseconds betweenTwo = 45s;

} // namespace

Demo::Demo(GuardianSimulator &simulator, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_simulator(simulator)
    , m_timer(clock.makeTimer([this] { startAnother(); }))
{
    for (const Scene &scene : scenes) {
        ScriptOptions look;
        look.resultBytes = 2'000'000;
        look.action = QString::fromLatin1(scene.action);
        StartOptions options;
        options.label = QString::fromLatin1(scene.label);
        options.script = scriptName(scene.script);
        options.age = scene.age;
        options.stretch = scene.stretch;
        const TaskId id = m_simulator.start(makePlan(scene.script, look), options);
        m_tasks.append(QJsonObject{{u"taskId"_s, id.text()}, {u"label"_s, options.label}});
    }
    m_timer->start(betweenTwo);
}

void Demo::startAnother()
{
    StartOptions options;
    options.label = u"Later %1"_s.arg(m_later + 1);
    options.stretch = 1 + m_later % 5;
    m_simulator.start(later[size_t(m_later) % later.size()], options);
    if (++m_later < mostLater)
        m_timer->start(betweenTwo);
}
