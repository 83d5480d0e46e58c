// Between the emulated driver and what runs kernels.
#pragma once
#include "emulator.h"

#include <string>

// What a test asks of the emulator itself.
#define EMULATOR(type) extern "C" __attribute__((visibility("default"))) type

namespace emulator {

inline float bf16_value(u32 pair, int half) {
    const u32 bits = half == 0 ? pair << 16 : pair & 0xffff0000u;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

struct Launch {
    const Kernel *kernel;
    Call call;
    Index3 blocks, threads;
    size_t shared_bytes;
};

struct Counters {
    unsigned long launches = 0, read = 0, written = 0, flops = 0; // bytes read and written
    unsigned long fetched = 0; // of what is read, what memory must give: sectors of 32 bytes, each once a launch

    void operator+=(const Counters &other) {
        launches += other.launches;
        read += other.read;
        written += other.written;
        flops += other.flops;
        fetched += other.fetched;
    }
};

// Whether the kernel came to its end; why not is told by emulator_failure.
bool run(const Launch &launch);

// A thread that asks again soon, for memory of the same few allocations, is answered without a lock.
bool is_allocated(const void *address, size_t bytes);

// The address, and where it lies from the allocation before it.
std::string describe(const void *address);

// For work that is no kernel of ours; `run` counts the kernels'.
void count(const char *name, const Counters &counters);

// What was asked for, in its order, for the test that wants to see it.
void note(void *stream, const std::string &what);

// Puts it on the stream, or records it where the stream is being captured; returns the driver's result. What it returns itself, if it is not
// 0, breaks the context.
int submit(void *stream, std::function<int()> operation);

} // namespace emulator
