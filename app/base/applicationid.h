#pragma once

#include <QLatin1String>

/// Our one application ID: desktop file, D-Bus, keychain, icons.
inline constexpr QLatin1String applicationId{"io.github.taskwatch.Taskwatch"};
/// What our folders and executable are called.
inline constexpr QLatin1String applicationFolder{"taskwatch"};
