#include "plansteps.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace PlanSteps {

PlanStep leaf(const QString &name, milliseconds duration, int ticks)
{
    PlanStep step;
    step.name = name;
    step.duration = duration;
    step.ticks = ticks;
    return step;
}

PlanStep branch(const QString &name, std::vector<PlanStep> steps)
{
    PlanStep step;
    step.name = name;
    step.steps = std::move(steps);
    return step;
}

PlanStep skipped(const QString &name)
{
    PlanStep step;
    step.name = name;
    step.skipped = true;
    return step;
}

PlanStep minimized(PlanStep step)
{
    step.minimized = true;
    return step;
}

PlanStep remarked(PlanStep step, const QString &remark)
{
    step.remark = remark;
    return step;
}

std::vector<PlanStep> publishSchemas()
{
    std::vector<PlanStep> schemas;
    for (int i = 1; i <= 4; ++i)
        schemas.push_back(branch(u"Schema %1 of 4"_s.arg(i),
                                 {leaf(u"Update schema"_s, 3s, 1), leaf(u"Save to IPFS"_s, 12s),
                                  leaf(u"Send message"_s, 8s)}));
    return schemas;
}

std::vector<PlanStep> publishPolicy()
{
    return {remarked(leaf(u"Resolve Hedera account"_s, 2s, 1), u"Account 0.0.4817 found"_s),
            leaf(u"Validate policy"_s, 15s),
            branch(u"Publish schemas"_s, publishSchemas()),
            skipped(u"Publish formulas"_s),
            branch(u"Publish tags"_s, {leaf(u"Collect tags"_s, 4s), leaf(u"Send tags"_s, 20s)}),
            branch(u"Create instance"_s,
                   {leaf(u"Create topics"_s, 18s), leaf(u"Create tokens"_s, 30s),
                    minimized(branch(
                        u"Users"_s, {leaf(u"Load users"_s, 3s, 1), leaf(u"Grant access"_s, 9s)}))}),
            leaf(u"Save policy file to IPFS"_s, 40s, 10),
            leaf(u"Send message to the topic"_s, 14s)};
}

std::vector<PlanStep> importPolicy()
{
    return {
        leaf(u"Resolve Hedera account"_s, 2s, 1),
        leaf(u"Load policy file"_s, 10s),
        branch(u"Import schemas"_s,
               {leaf(u"Check dependencies"_s, 6s), leaf(u"Save schemas"_s, 35s, 10),
                skipped(u"Publish system schemas"_s)}),
        branch(u"Import tools"_s, {leaf(u"Load tools"_s, 12s), leaf(u"Match messages"_s, 8s)}),
        skipped(u"Import formulas"_s),
        branch(u"Create policy"_s, {leaf(u"Create topics"_s, 40s, 8), leaf(u"Send messages"_s, 25s),
                                    leaf(u"Save policy in database"_s, 5s)}),
        minimized(branch(u"Import artifacts"_s, {leaf(u"Upload"_s, 20s), leaf(u"Link"_s, 4s)}))};
}

std::vector<PlanStep> createToken()
{
    return {leaf(u"Resolve Hedera account"_s, 4s, 1), leaf(u"Create token"_s, 12s),
            leaf(u"Save token in database"_s, 5s), leaf(u"Send message"_s, 6s),
            leaf(u"Associate with the treasury"_s, 3s, 1)};
}

} // namespace PlanSteps
