// Between the emulated driver and what runs kernels.
#pragma once
#include "emulator.h"

namespace emulator {

struct Launch {
    const Kernel *kernel;
    Call call;
    Index3 blocks, threads;
    size_t shared_bytes;
};

struct Counters {
    unsigned long launches = 0, read = 0, written = 0, flops = 0; // bytes read and written

    void operator+=(const Counters &other) {
        launches += other.launches;
        read += other.read;
        written += other.written;
        flops += other.flops;
    }
};

// Whether the kernel came to its end; why not is told by emulator_failure.
bool run(const Launch &launch);

bool is_allocated(const void *address, size_t bytes);

// Runs it now, or records it where the stream is being captured; returns the driver's result.
int submit(void *stream, std::function<int()> operation);

// The context is usable again after a failure.
void revive();

} // namespace emulator
