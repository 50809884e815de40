#pragma once

#include "instance/instancerequest.h"

#include <chrono>
#include <optional>

class InstanceLock;
struct InstancePlace;

/// How long a start waits for the one that runs already.
inline constexpr std::chrono::seconds handOverLimit{5};

/// Either takes the lock, and we are the one instance (absent), or hands the request over to the
/// one that is, and gives its reply. Blocks until then, `limit` at most; the error is in words.
/// Meant for a start, before there is an event loop; needs a QCoreApplication.
///
/// One that is just starting or ending is waited for.
[[nodiscard]] tl::expected<std::optional<InstanceReply>, QString>
lockOrHandOver(InstanceLock &lock, const InstancePlace &place, const InstanceRequest &request,
               std::chrono::milliseconds limit = handOverLimit);
