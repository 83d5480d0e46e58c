// An emulated libcuda.so.1: the calls that the device makes, on the host's memory. Work is done when it is asked for, in the
// order of the calls, but for asynchronous uploads: they leave the host's memory only when their stream has something else to do, or
// is waited for. Capture records work instead. After a kernel has
// failed every call reports the illegal address, as the real driver does.
#include "machine.h"

#include <atomic>
#include <dlfcn.h>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {

typedef int Result;
typedef uint64_t Address;

constexpr Result SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_IMAGE = 200, NOT_FOUND = 500,
                 ILLEGAL_ADDRESS = 700, CAPTURE_FORBIDS = 900;
constexpr int MOST_SHARED_BYTES = 227 << 10, PLAIN_SHARED_BYTES = 48 << 10;
constexpr int DYNAMIC_SHARED_ATTRIBUTE = 8;
constexpr u32 FATBIN = 0xba55ed50;

struct Graph {
    std::vector<std::function<Result()>> operations;
};

struct Upload {
    void *to;
    const void *from;
    size_t bytes;
};

struct Stream {
    Graph *recording = nullptr;
    std::vector<Upload> uploads; // under way

    void land() {
        for (const Upload &upload : uploads) {
            memcpy(upload.to, upload.from, upload.bytes);
        }
        uploads.clear();
    }
};

struct Event {
    void *stream = nullptr; // that it was last recorded on
};

Stream default_stream;
std::map<uintptr_t, size_t> allocations; // by address
std::mutex allocating;
std::atomic<unsigned long> changes{1}; // of the allocations
size_t memory_bytes = 6ull << 30;
size_t used;
bool broken;
bool plugged; // whether there is a device
int major_capability = 8;
thread_local int captures; // that this thread has begun and not ended
std::map<const emulator::Kernel *, int> shared_limits;
std::map<std::string, std::vector<emulator::Kernel>> modules; // by library
std::string library;                                          // of the kernels that are loaded next

Stream &stream_of(void *handle) {
    return handle ? *static_cast<Stream *>(handle) : default_stream;
}

Result copy(void *stream, void *to, const void *from, size_t bytes, bool to_device, bool from_device) {
    return emulator::submit(stream, [=] {
        if ((to_device && !emulator::is_allocated(to, bytes)) || (from_device && !emulator::is_allocated(from, bytes))) {
            return INVALID_VALUE;
        }
        memcpy(to, from, bytes);
        return SUCCESS;
    });
}

} // namespace

bool emulator::is_allocated(const void *address, size_t bytes) {
    struct Range {
        uintptr_t first, end;
    };
    static PER_CORE Range recent[8]; // allocations
    static PER_CORE unsigned long known;
    static PER_CORE unsigned next;
    const auto at = reinterpret_cast<uintptr_t>(address);
    if (const unsigned long now = changes; known != now) {
        std::fill(std::begin(recent), std::end(recent), Range{1, 0});
        known = now;
    }
    for (const Range &range : recent) {
        if (at >= range.first && at + bytes <= range.end) {
            return true;
        }
    }
    std::lock_guard<std::mutex> lock(allocating);
    auto after = allocations.upper_bound(at);
    if (after == allocations.begin()) {
        return false;
    }
    --after;
    const Range found{after->first, after->first + after->second};
    recent[next++ % 8] = found;
    return at + bytes <= found.end;
}

std::string emulator::describe(const void *address) {
    std::lock_guard<std::mutex> lock(allocating);
    const auto at = reinterpret_cast<uintptr_t>(address);
    char text[128];
    auto after = allocations.upper_bound(at);
    if (after == allocations.begin()) {
        snprintf(text, sizeof text, "%#lx", at);
    } else {
        --after;
        snprintf(text, sizeof text, "%#lx, byte %lu from the start of an allocation of %zu", at, at - after->first,
                 after->second);
    }
    return text;
}

int emulator::submit(void *stream, std::function<int()> operation) {
    if (broken) {
        return ILLEGAL_ADDRESS;
    }
    if (Graph *graph = stream_of(stream).recording) {
        graph->operations.push_back(std::move(operation));
        return SUCCESS;
    }
    stream_of(stream).land();
    return operation();
}

void emulator::revive() {
    broken = false;
}

#define DRIVER extern "C" __attribute__((visibility("default"))) Result
#define REQUIRE_CONTEXT                                                                                                \
    if (broken) {                                                                                                      \
        return ILLEGAL_ADDRESS;                                                                                        \
    }

DRIVER cuInit(unsigned) {
    return SUCCESS;
}

DRIVER cuDriverGetVersion(int *version) {
    *version = 13000;
    return SUCCESS;
}

extern "C" __attribute__((visibility("default"))) void emulator_plug(const char *in) {
    plugged = *in != 0;
}

// Devices that are opened from now on are of this generation: 8 is Ampere, 9 Hopper.
extern "C" __attribute__((visibility("default"))) void emulator_set_generation(int major) {
    major_capability = major;
}

DRIVER cuDeviceGetCount(int *count) {
    *count = plugged;
    return SUCCESS;
}

DRIVER cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return ordinal == 0 ? SUCCESS : 101;
}

DRIVER cuDeviceGetName(char *name, int length, int) {
    snprintf(name, length, "emulated device");
    return SUCCESS;
}

void count_call(const char *name) {
    emulator::Counters call;
    call.launches = 1;
    emulator::count(name, call);
}

DRIVER cuDeviceGetAttribute(int *value, int attribute, int) {
    const std::map<int, int> values = {{75, major_capability}, {76, 0}, {16, 2}, {10, 32}, {1, 1024}, {115, 1}};
    auto found = values.find(attribute);
    *value = found == values.end() ? 0 : found->second;
    return SUCCESS;
}

DRIVER cuDevicePrimaryCtxRetain(void **context, int) {
    *context = &allocations;
    return SUCCESS;
}

DRIVER cuDevicePrimaryCtxRelease_v2(int) {
    return SUCCESS;
}

DRIVER cuCtxSetCurrent(void *) {
    REQUIRE_CONTEXT
    return SUCCESS;
}

DRIVER cuMemGetInfo_v2(size_t *free, size_t *total) {
    REQUIRE_CONTEXT
    *free = memory_bytes > used ? memory_bytes - used : 0;
    *total = memory_bytes;
    return SUCCESS;
}

// How much the device has from now on.
extern "C" __attribute__((visibility("default"))) void emulator_set_memory(size_t bytes) {
    memory_bytes = bytes;
}

DRIVER cuMemAlloc_v2(Address *address, size_t bytes) {
    REQUIRE_CONTEXT
    if (captures > 0) {
        return CAPTURE_FORBIDS;
    }
    std::lock_guard<std::mutex> lock(allocating);
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    void *memory = used + bytes > memory_bytes ? nullptr : aligned_alloc(256, (bytes + 255) / 256 * 256);
    if (memory == nullptr) {
        return OUT_OF_MEMORY;
    }
    memset(memory, 0xff, bytes);
    allocations[reinterpret_cast<uintptr_t>(memory)] = bytes;
    used += bytes;
    changes++;
    *address = reinterpret_cast<Address>(memory);
    return SUCCESS;
}

DRIVER cuMemFree_v2(Address address) {
    REQUIRE_CONTEXT
    if (address == 0) {
        return SUCCESS;
    }
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

DRIVER cuMemHostAlloc(void **memory, size_t bytes, unsigned) {
    REQUIRE_CONTEXT
    *memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    return *memory ? SUCCESS : OUT_OF_MEMORY;
}

DRIVER cuMemFreeHost(void *memory) {
    REQUIRE_CONTEXT
    free(memory);
    return SUCCESS;
}

DRIVER cuMemcpyHtoDAsync_v2(Address to, const void *from, size_t bytes, void *stream) {
    if (stream != nullptr && stream_of(stream).recording == nullptr) {
        REQUIRE_CONTEXT
        if (!emulator::is_allocated(reinterpret_cast<void *>(to), bytes)) {
            return INVALID_VALUE;
        }
        stream_of(stream).uploads.push_back({reinterpret_cast<void *>(to), from, bytes});
        return SUCCESS;
    }
    return copy(stream, reinterpret_cast<void *>(to), from, bytes, true, false);
}

DRIVER cuMemcpyDtoHAsync_v2(void *to, Address from, size_t bytes, void *stream) {
    return copy(stream, to, reinterpret_cast<void *>(from), bytes, false, true);
}

DRIVER cuMemsetD8Async(Address to, unsigned char value, size_t bytes, void *stream) {
    return emulator::submit(stream, [=] {
        if (!emulator::is_allocated(reinterpret_cast<void *>(to), bytes)) {
            return INVALID_VALUE;
        }
        memset(reinterpret_cast<void *>(to), value, bytes);
        return SUCCESS;
    });
}

// The image is the one that ships; what runs is a library of the same sources: the one beside this, or another that was
// named by emulator_use_kernels.
DRIVER cuModuleLoadData(std::vector<emulator::Kernel> **module, const void *image) {
    REQUIRE_CONTEXT
    u32 magic;
    memcpy(&magic, image, 4);
    if (magic != FATBIN) {
        return INVALID_IMAGE;
    }
    if (library.empty()) {
        Dl_info here;
        dladdr(reinterpret_cast<void *>(&cuModuleLoadData), &here);
        library = here.dli_fname;
        library = library.substr(0, library.rfind('/')) + "/libkernels.so";
    }
    if (dlopen(library.c_str(), RTLD_NOW) == nullptr) { // its kernels add themselves
        fprintf(stderr, "emulator: %s\n", dlerror());
        return NOT_FOUND;
    }
    *module = &modules[library];
    return SUCCESS;
}

void emulator::add_kernel(const Kernel &kernel) {
    modules[library].push_back(kernel);
}

extern "C" __attribute__((visibility("default"))) void emulator_use_kernels(const char *path) {
    library = path;
}

DRIVER cuModuleUnload(void *) {
    return SUCCESS;
}

DRIVER cuModuleGetFunction(const emulator::Kernel **function, std::vector<emulator::Kernel> *module, const char *name) {
    REQUIRE_CONTEXT
    for (const emulator::Kernel &kernel : *module) {
        if (strcmp(kernel.name, name) == 0) {
            *function = &kernel;
            return SUCCESS;
        }
    }
    return NOT_FOUND;
}

DRIVER cuFuncSetAttribute(const emulator::Kernel *kernel, int attribute, int value) {
    REQUIRE_CONTEXT
    if (kernel == nullptr || (attribute == DYNAMIC_SHARED_ATTRIBUTE && (value < 0 || value > MOST_SHARED_BYTES))) {
        return INVALID_VALUE;
    }
    if (attribute == DYNAMIC_SHARED_ATTRIBUTE) {
        shared_limits[kernel] = value;
    }
    return SUCCESS;
}

DRIVER cuStreamCreate(void **stream, unsigned) {
    REQUIRE_CONTEXT
    *stream = new Stream;
    return SUCCESS;
}

DRIVER cuStreamDestroy_v2(void *stream) {
    stream_of(stream).land();
    delete static_cast<Stream *>(stream);
    return SUCCESS;
}

DRIVER cuStreamSynchronize(void *stream) {
    REQUIRE_CONTEXT
    count_call("cuStreamSynchronize");
    stream_of(stream).land();
    return stream_of(stream).recording ? CAPTURE_FORBIDS : SUCCESS;
}

DRIVER cuStreamBeginCapture_v2(void *stream, int) {
    REQUIRE_CONTEXT
    if (stream == nullptr || stream_of(stream).recording != nullptr) {
        return INVALID_VALUE;
    }
    captures++;
    stream_of(stream).recording = new Graph;
    return SUCCESS;
}

DRIVER cuStreamEndCapture(void *stream, Graph **graph) {
    *graph = stream_of(stream).recording;
    if (*graph == nullptr) {
        return INVALID_VALUE;
    }
    captures--;
    stream_of(stream).recording = nullptr;
    return SUCCESS;
}

DRIVER cuGraphInstantiateWithFlags(Graph **executable, Graph *graph, unsigned long long) {
    REQUIRE_CONTEXT
    *executable = new Graph(*graph);
    return SUCCESS;
}

DRIVER cuGraphLaunch(Graph *graph, void *stream) {
    count_call("cuGraphLaunch");
    for (const auto &operation : graph->operations) {
        if (Result result = emulator::submit(stream, operation)) {
            return result;
        }
    }
    return broken ? ILLEGAL_ADDRESS : SUCCESS;
}

DRIVER cuGraphExecDestroy(Graph *graph) {
    delete graph;
    return SUCCESS;
}

DRIVER cuGraphDestroy(Graph *graph) {
    delete graph;
    return SUCCESS;
}

DRIVER cuEventCreate(Event **event, unsigned) {
    REQUIRE_CONTEXT
    *event = new Event;
    return SUCCESS;
}

DRIVER cuEventDestroy_v2(Event *event) {
    delete event;
    return SUCCESS;
}

DRIVER cuEventRecord(Event *event, void *stream) {
    REQUIRE_CONTEXT
    event->stream = stream;
    return SUCCESS;
}

DRIVER cuEventSynchronize(Event *event) {
    REQUIRE_CONTEXT
    count_call("cuEventSynchronize");
    if (event->stream != nullptr) {
        stream_of(event->stream).land();
    }
    return SUCCESS;
}

DRIVER cuEventElapsedTime_v2(float *milliseconds, void *, void *) {
    *milliseconds = 1.f;
    return SUCCESS;
}

DRIVER cuEventElapsedTime(float *milliseconds, void *, void *) {
    *milliseconds = 1.f;
    return SUCCESS;
}

DRIVER cuLaunchKernel(const emulator::Kernel *kernel, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                      unsigned bz, unsigned shared, void *stream, void **arguments, void **) {
    if (kernel == nullptr || gx * gy * gz == 0 || bx * by * bz == 0 || bx * by * bz > 1024 || gy > 65535 || gz > 65535) {
        return INVALID_VALUE;
    }
    const auto limit = shared_limits.find(kernel);
    if (shared > static_cast<unsigned>(limit == shared_limits.end() ? PLAIN_SHARED_BYTES : limit->second) &&
        shared > static_cast<unsigned>(PLAIN_SHARED_BYTES)) {
        return INVALID_VALUE;
    }
    emulator::Launch launch{kernel, kernel->bind(arguments), {gx, gy, gz}, {bx, by, bz}, shared};
    return emulator::submit(stream, [launch] {
        broken = !emulator::run(launch);
        return broken ? ILLEGAL_ADDRESS : SUCCESS;
    });
}
