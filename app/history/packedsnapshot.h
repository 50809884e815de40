#pragma once

#include "base/textpool.h"
#include "task/replydata.h"
#include "task/tasksnapshot.h"

#include <memory>

/// What was read from a reply, kept beside it: a start that reads 100,000 of them takes a fraction
/// of the time that reading the replies again takes.
namespace PackedSnapshot {

/// What it belongs to, as that is stored beside it.
struct Beside {
    const ReplyData &reply; ///< but for its headers and body
    QByteArrayView headers;
    QByteArrayView body;
    QByteArrayView sights;
};

/// Differs where anything in it does, whichever version of the program wrote it.
[[nodiscard]] qint64 sumOfReply(const Beside &beside);

/// Differs where anything beside it does. Empty where it cannot be told without a loss; then the
/// reply is read again.
[[nodiscard]] QByteArray pack(const TaskSnapshot &snapshot, const Beside &beside);

/// Null where it is damaged, belongs to something else, or another version of the program wrote it,
/// which may have understood the reply otherwise. `texts`: may be null.
[[nodiscard]] std::shared_ptr<const TaskSnapshot> unpack(QByteArrayView packed,
                                                         const Beside &beside, TextPool *texts);

} // namespace PackedSnapshot
