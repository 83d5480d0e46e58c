// The calls of libcuda.so.1 that the device could make and does not: made of those that it makes.
#include "machine.h"

namespace {

typedef int Result;
typedef uint64_t Address;

constexpr Result SUCCESS = 0, INVALID_VALUE = 1;

struct ErrorName {
    Result result;
    const char *name, *text;
};

constexpr ErrorName ERRORS[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {200, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {500, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {801, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"},
};

const ErrorName *find(Result result) {
    for (const ErrorName &error : ERRORS) {
        if (error.result == result) {
            return &error;
        }
    }
    return nullptr;
}

} // namespace

#define DRIVER extern "C" __attribute__((visibility("default"))) Result

DRIVER cuMemAlloc_v2(Address *, size_t);
DRIVER cuMemFree_v2(Address);
DRIVER cuMemGetInfo_v2(size_t *, size_t *);
DRIVER cuMemcpyHtoDAsync_v2(Address, const void *, size_t, void *);
DRIVER cuMemcpyDtoHAsync_v2(void *, Address, size_t, void *);
DRIVER cuStreamSynchronize(void *);

DRIVER cuCtxSynchronize() {
    return cuStreamSynchronize(nullptr);
}

DRIVER cuDeviceTotalMem_v2(size_t *bytes, int) {
    size_t free;
    return cuMemGetInfo_v2(&free, bytes);
}

DRIVER cuMemAllocAsync(Address *address, size_t bytes, void *) {
    return cuMemAlloc_v2(address, bytes);
}

DRIVER cuMemFreeAsync(Address address, void *stream) {
    return emulator::submit(stream, [=] { return cuMemFree_v2(address); }); // after its uploads
}

DRIVER cuMemcpyHtoD_v2(Address to, const void *from, size_t bytes) {
    return cuMemcpyHtoDAsync_v2(to, from, bytes, nullptr);
}

DRIVER cuMemcpyDtoH_v2(void *to, Address from, size_t bytes) {
    return cuMemcpyDtoHAsync_v2(to, from, bytes, nullptr);
}

DRIVER cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void *stream) {
    return emulator::submit(stream, [=] {
        void *target = reinterpret_cast<void *>(to);
        const void *source = reinterpret_cast<void *>(from);
        if (!emulator::is_allocated(target, bytes) || !emulator::is_allocated(source, bytes)) {
            return INVALID_VALUE;
        }
        memmove(target, source, bytes);
        return SUCCESS;
    });
}

DRIVER cuMemcpyDtoD_v2(Address to, Address from, size_t bytes) {
    return cuMemcpyDtoDAsync_v2(to, from, bytes, nullptr);
}

DRIVER cuMemsetD32Async(Address to, u32 value, size_t words, void *stream) {
    return emulator::submit(stream, [=] {
        u32 *target = reinterpret_cast<u32 *>(to);
        if (to % sizeof(u32) != 0 || !emulator::is_allocated(target, words * sizeof(u32))) {
            return INVALID_VALUE;
        }
        std::fill(target, target + words, value);
        return SUCCESS;
    });
}

DRIVER cuStreamQuery(void *stream) {
    return cuStreamSynchronize(stream);
}

// Work is done when it is asked for: nothing is left to wait for.
DRIVER cuStreamWaitEvent(void *, void *, unsigned) {
    return SUCCESS;
}

DRIVER cuLaunchHostFunc(void *stream, void (*function)(void *), void *data) {
    return emulator::submit(stream, [=] {
        function(data);
        return SUCCESS;
    });
}

// 4: registers a thread. There are none here; the compiler's report has them.
DRIVER cuFuncGetAttribute(int *value, int, const emulator::Kernel *kernel) {
    *value = 0;
    return kernel == nullptr ? INVALID_VALUE : SUCCESS;
}

// By threads and shared memory, as on sm_80 and sm_90; registers are not known here.
DRIVER cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, const emulator::Kernel *, int threads, size_t shared) {
    if (threads < 1) {
        return INVALID_VALUE;
    }
    const size_t of_block = shared + 1024; // the system takes 1 KB of each block's
    *blocks = static_cast<int>(std::min<size_t>({32, size_t(2048 / threads), (size_t(228) << 10) / of_block}));
    return SUCCESS;
}

DRIVER cuGetErrorName(Result result, const char **name) {
    const ErrorName *error = find(result);
    *name = error == nullptr ? nullptr : error->name;
    return error == nullptr ? INVALID_VALUE : SUCCESS;
}

DRIVER cuGetErrorString(Result result, const char **text) {
    const ErrorName *error = find(result);
    *text = error == nullptr ? nullptr : error->text;
    return error == nullptr ? INVALID_VALUE : SUCCESS;
}
