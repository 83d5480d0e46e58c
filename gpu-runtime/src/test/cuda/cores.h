// The processor's cores, each with a thread that stays, so that what a block needs is made once.
#pragma once
#include <functional>

namespace emulator {

// Runs `work` on so many cores at once, of which the caller's is one; returns when all have come to its end.
void run_on_cores(unsigned count, const std::function<void()> &work);

} // namespace emulator
