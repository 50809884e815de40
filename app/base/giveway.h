#pragma once

/// Lets the calling thread go behind the window's own for the rest of its life: whatever there is
/// to be read or written, a click comes first. QThread's priorities do nothing on Linux.
void giveWay();
