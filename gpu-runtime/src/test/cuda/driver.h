// What the files of the emulated libcuda.so.1 share.
#pragma once
#include "machine.h"

#include <atomic>

typedef int Result;
typedef uint64_t Address;

constexpr Result SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_DEVICE = 101, INVALID_IMAGE = 200, NOT_FOUND = 500,
                 ILLEGAL_ADDRESS = 700, CAPTURE_FORBIDS = 900;

#define DRIVER extern "C" __attribute__((visibility("default"))) Result

// After a kernel has failed every call reports the illegal address, as the real driver does.
#define REQUIRE_CONTEXT                                                                                                \
    if (emulator::broken) {                                                                                            \
        return ILLEGAL_ADDRESS;                                                                                        \
    }

namespace emulator {

extern std::atomic<bool> broken;
extern thread_local int captures; // that this thread has begun and not ended

inline Result state() {
    return broken ? ILLEGAL_ADDRESS : SUCCESS;
}

// ---- streams.cpp

bool is_recording(void *stream);
// Until all that was put on the stream has been done.
void finish(void *stream);
void finish_all();
// Finishes all; the context is usable again where it was broken.
void revive();
void seed_streams(unsigned seed);
void begin_recording(void *stream);
struct Graph *end_recording(void *stream); // null where none was begun

void count_call(const char *name);

// ---- allocations.cpp

// Gives memory back at once, whatever still uses it.
Result release(Address address);

} // namespace emulator
