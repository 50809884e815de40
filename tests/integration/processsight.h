#pragma once

#include <QByteArray>
#include <QList>

/// What everybody on the machine may see of a process, or its owner.
namespace ProcessSight {

/// Its arguments and its environment; empty once it is gone.
[[nodiscard]] QByteArray of(qint64 process);
/// All that it started, and what these started, as far as they live.
[[nodiscard]] QList<qint64> descendantsOf(qint64 process);

} // namespace ProcessSight
