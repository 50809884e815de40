#pragma once

#include <QtGlobal>

/// What the system says of this process.
namespace ProcessFacts {

[[nodiscard]] int descriptors(); ///< open ones
[[nodiscard]] int threads();

struct Memory {
    qint64 inUse = 0;    ///< bytes of the heap; 0: unknown, as under a sanitizer
    qint64 resident = 0; ///< bytes
};
[[nodiscard]] Memory memory();

} // namespace ProcessFacts
