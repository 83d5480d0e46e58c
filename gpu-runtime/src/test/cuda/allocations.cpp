// The device's memory, on the host's: what has been given out, and to whom.
#include "driver.h"

#include <map>
#include <mutex>

namespace {

using namespace emulator;

std::map<uintptr_t, size_t> allocations; // by address
std::mutex allocating;
std::atomic<unsigned long> changes{1}; // of the allocations
size_t memory_bytes = getenv("EMULATOR_MEMORY") == nullptr ? 6ull << 30 : std::stoull(getenv("EMULATOR_MEMORY"));
size_t used;

struct Range {
    uintptr_t first = 1, end = 0;

    bool holds(uintptr_t at, size_t bytes) const {
        return at >= first && at + bytes <= end;
    }
};

// The allocation that begins last before the address; empty where there is none.
Range range_before(uintptr_t at) {
    auto after = allocations.upper_bound(at);
    if (after == allocations.begin()) {
        return {};
    }
    --after;
    return {after->first, after->first + after->second};
}

void *take(size_t bytes) {
    std::lock_guard<std::mutex> lock(allocating);
    void *memory = used + bytes > memory_bytes ? nullptr : aligned_alloc(256, (bytes + 255) / 256 * 256);
    if (memory != nullptr) {
        memset(memory, 0xff, bytes);
        allocations[reinterpret_cast<uintptr_t>(memory)] = bytes;
        used += bytes;
        changes++;
    }
    return memory;
}

} // namespace

bool emulator::is_allocated(const void *address, size_t bytes) {
    static PER_CORE Range *recent; // allocations
    static PER_CORE unsigned long known;
    static PER_CORE unsigned next;
    constexpr unsigned RECENT = 8;
    const auto at = reinterpret_cast<uintptr_t>(address);
    if (const unsigned long now = changes; known != now) {
        if (recent == nullptr) {
            recent = new Range[RECENT]; // for as long as the process lives
        }
        std::fill(recent, recent + RECENT, Range());
        known = now;
    }
    for (unsigned i = 0; i < RECENT; i++) {
        if (recent[i].holds(at, bytes)) {
            return true;
        }
    }
    std::lock_guard<std::mutex> lock(allocating);
    return (recent[next++ % RECENT] = range_before(at)).holds(at, bytes);
}

std::string emulator::describe(const void *address) {
    std::lock_guard<std::mutex> lock(allocating);
    const auto at = reinterpret_cast<uintptr_t>(address);
    const Range range = range_before(at);
    char text[128];
    if (range.end == 0) {
        snprintf(text, sizeof text, "%#lx", at);
    } else {
        snprintf(text, sizeof text, "%#lx, byte %lu from the start of an allocation of %zu", at, at - range.first,
                 range.end - range.first);
    }
    return text;
}

Result emulator::release(Address address) {
    std::lock_guard<std::mutex> lock(allocating);
    auto found = allocations.find(address);
    if (found == allocations.end()) {
        return INVALID_VALUE;
    }
    used -= found->second;
    changes++;
    allocations.erase(found);
    free(reinterpret_cast<void *>(address));
    return SUCCESS;
}

// What was given back and is still used is waited for where it is needed.
DRIVER cuMemAlloc_v2(Address *address, size_t bytes) {
    REQUIRE_CONTEXT
    if (captures > 0) {
        return CAPTURE_FORBIDS;
    }
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    void *memory = take(bytes);
    if (memory == nullptr) {
        finish_all();
        memory = take(bytes);
    }
    *address = reinterpret_cast<Address>(memory);
    return memory == nullptr ? OUT_OF_MEMORY : SUCCESS;
}

DRIVER cuMemFree_v2(Address address) {
    REQUIRE_CONTEXT
    finish_all();
    return address == 0 ? SUCCESS : release(address);
}

DRIVER cuMemAllocAsync(Address *address, size_t bytes, void *) {
    return cuMemAlloc_v2(address, bytes);
}

DRIVER cuMemFreeAsync(Address address, void *stream) {
    return submit(stream, [=] { return release(address); });
}

DRIVER cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
    REQUIRE_CONTEXT
    *memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    return *memory ? SUCCESS : OUT_OF_MEMORY;
}

DRIVER cuMemFreeHost(void *memory) {
    REQUIRE_CONTEXT
    finish_all();
    free(memory);
    return SUCCESS;
}

DRIVER cuMemGetInfo_v2(size_t *free, size_t *total) {
    REQUIRE_CONTEXT
    std::lock_guard<std::mutex> lock(allocating);
    *free = memory_bytes > used ? memory_bytes - used : 0;
    *total = memory_bytes;
    return SUCCESS;
}

DRIVER cuDeviceTotalMem_v2(size_t *bytes, int) {
    *bytes = memory_bytes;
    return SUCCESS;
}

// How much the device has from now on.
EMULATOR(void) emulator_set_memory(size_t bytes) {
    memory_bytes = bytes;
}
