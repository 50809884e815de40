#pragma once

#include "fault.h"
#include "httpfront.h"

/// What becomes of the right answer to `request` under a fault.
[[nodiscard]] HttpAnswer spoil(const Fault &fault, HttpReply right, const HttpRequest &request);
