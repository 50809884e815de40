#include "task/baseline.h"

#include <algorithm>
#include <cmath>

namespace {

using Baseline::Duration;

/// The latest runs, shortest first.
std::vector<Duration> latest(const std::vector<Duration> &runs)
{
    const auto count = std::min(runs.size(), Baseline::mostRuns);
    std::vector<Duration> sorted(runs.end() - std::ptrdiff_t(count), runs.end());
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

/// At p * (n + 1) between the sorted values, so that the next value of the same kind lies below it
/// with the probability p, however small n is.
Duration quantile(const std::vector<Duration> &sorted, double p)
{
    const double place = p * double(sorted.size() + 1) - 1;
    const double below = std::clamp(std::floor(place), 0.0, double(sorted.size() - 1));
    const auto first = std::size_t(below);
    const auto second = std::min(first + 1, sorted.size() - 1);
    const double share = std::clamp(place - below, 0.0, 1.0);
    const auto step = double((sorted[second] - sorted[first]).count());
    return sorted[first] + Duration(std::llround(share * step));
}

} // namespace

std::optional<Baseline::Usual> Baseline::usual(const std::vector<Duration> &runs)
{
    if (runs.size() < fewestRuns)
        return std::nullopt;
    const std::vector<Duration> sorted = latest(runs);
    return Usual{quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75),
                 quantile(sorted, 0.9)};
}

std::optional<Baseline::Range> Baseline::remaining(const std::vector<Duration> &runs,
                                                   Duration elapsed)
{
    std::vector<Duration> longer = latest(runs);
    longer.erase(longer.begin(), std::upper_bound(longer.begin(), longer.end(), elapsed));
    if (longer.size() < fewestRuns)
        return std::nullopt;
    return Range{quantile(longer, 0.25) - elapsed, quantile(longer, 0.75) - elapsed};
}

bool Baseline::isSlow(const Usual &usual, Duration elapsed)
{
    return elapsed * 2 > usual.ninetieth * 3;
}

double Baseline::expectedProgress(const Usual &usual, Duration elapsed)
{
    if (usual.median <= Duration{0})
        return 1;
    return std::clamp(double(elapsed.count()) / double(usual.median.count()), 0.0, 1.0);
}
