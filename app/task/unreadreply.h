#pragma once

#include "task/replydata.h"

/// What may outlive the program of an answer that nobody could read: its first 1 MiB, and whatever
/// might be a secret in it, headers too, masked. Doing it again changes nothing.
[[nodiscard]] ReplyData keptOfUnread(const ReplyData &reply);
