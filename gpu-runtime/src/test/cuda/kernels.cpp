// Modules, their kernels by name, and launches. The module's image is the one that ships; what runs is a library of the same sources: the
// one beside this, or another that was named by emulator_use_kernels.
#include "driver.h"

#include <dlfcn.h>
#include <map>
#include <vector>

namespace {

using namespace emulator;

constexpr int MOST_SHARED_BYTES = 227 << 10, PLAIN_SHARED_BYTES = 48 << 10;
constexpr int DYNAMIC_SHARED_ATTRIBUTE = 8;
constexpr u32 FATBIN = 0xba55ed50;

typedef std::vector<Kernel> Module;

std::map<const Kernel *, int> shared_limits;
std::map<std::string, Module> modules; // by library
std::string library;                   // of the kernels that are loaded next

} // namespace

DRIVER cuModuleLoadData(Module **module, const void *image) {
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

EMULATOR(void) emulator_use_kernels(const char *path) {
    library = path;
}

DRIVER cuModuleUnload(void *) {
    return SUCCESS;
}

DRIVER cuModuleGetFunction(const Kernel **function, const Module *module, const char *name) {
    REQUIRE_CONTEXT
    for (const Kernel &kernel : *module) {
        if (strcmp(kernel.name, name) == 0) {
            *function = &kernel;
            return SUCCESS;
        }
    }
    return NOT_FOUND;
}

DRIVER cuFuncSetAttribute(const Kernel *kernel, int attribute, int value) {
    REQUIRE_CONTEXT
    if (kernel == nullptr || (attribute == DYNAMIC_SHARED_ATTRIBUTE && (value < 0 || value > MOST_SHARED_BYTES))) {
        return INVALID_VALUE;
    }
    if (attribute == DYNAMIC_SHARED_ATTRIBUTE) {
        shared_limits[kernel] = value;
    }
    return SUCCESS;
}

// 4: registers a thread. There are none here; the compiler's report has them.
DRIVER cuFuncGetAttribute(int *value, int, const Kernel *kernel) {
    *value = 0;
    return kernel == nullptr ? INVALID_VALUE : SUCCESS;
}

// By threads and shared memory, as on sm_80 and sm_90; registers are not known here.
DRIVER cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, const Kernel *, int threads, size_t shared) {
    if (threads < 1) {
        return INVALID_VALUE;
    }
    const size_t of_block = shared + 1024; // the system takes 1 KB of each block's
    *blocks = static_cast<int>(std::min<size_t>({32, size_t(2048 / threads), (size_t(228) << 10) / of_block}));
    return SUCCESS;
}

DRIVER cuLaunchKernel(const Kernel *kernel, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                      unsigned shared, void *stream, void **arguments, void **) {
    REQUIRE_CONTEXT
    if (kernel == nullptr || gx * gy * gz == 0 || bx * by * bz == 0 || bx * by * bz > 1024 || gy > 65535 || gz > 65535) {
        return INVALID_VALUE;
    }
    const auto limit = shared_limits.find(kernel);
    if (shared > static_cast<unsigned>(limit == shared_limits.end() ? PLAIN_SHARED_BYTES : limit->second) &&
        shared > static_cast<unsigned>(PLAIN_SHARED_BYTES)) {
        return INVALID_VALUE;
    }
    note(stream, kernel->name);
    const Launch launch{kernel, kernel->bind(arguments), {gx, gy, gz}, {bx, by, bz}, shared};
    return submit(stream, [launch] { return run(launch) ? SUCCESS : ILLEGAL_ADDRESS; });
}
