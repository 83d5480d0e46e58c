// The device itself: whether there is one, what it can do, and what its errors are called.
#include "driver.h"

#include <map>

namespace {

using namespace emulator;

bool plugged = getenv("EMULATOR_PLUGGED") != nullptr; // whether there is a device
int major_capability = 8;

struct ErrorName {
    Result result;
    const char *name, *text;
};

constexpr ErrorName ERRORS[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {801, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {CAPTURE_FORBIDS, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"},
};

Result name_error(Result result, const char **out, const char *ErrorName::*name) {
    for (const ErrorName &error : ERRORS) {
        if (error.result == result) {
            *out = error.*name;
            return SUCCESS;
        }
    }
    *out = nullptr;
    return INVALID_VALUE;
}

} // namespace

DRIVER cuInit(unsigned) {
    return SUCCESS;
}

DRIVER cuDriverGetVersion(int *version) {
    *version = 13000;
    return SUCCESS;
}

DRIVER cuDeviceGetCount(int *count) {
    *count = plugged;
    return SUCCESS;
}

DRIVER cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return ordinal == 0 ? SUCCESS : INVALID_DEVICE;
}

DRIVER cuDeviceGetName(char *name, int length, int) {
    snprintf(name, length, "emulated device");
    return SUCCESS;
}

// Compute capability; multiprocessors; lanes of a warp; threads of a block; memory pools.
DRIVER cuDeviceGetAttribute(int *value, int attribute, int) {
    const std::map<int, int> values = {{75, major_capability}, {76, 0}, {16, 2}, {10, 32}, {1, 1024}, {115, 1}};
    auto found = values.find(attribute);
    *value = found == values.end() ? 0 : found->second;
    return SUCCESS;
}

DRIVER cuDevicePrimaryCtxRetain(void **context, int) {
    *context = &plugged;
    return SUCCESS;
}

DRIVER cuDevicePrimaryCtxRelease_v2(int) {
    return SUCCESS;
}

DRIVER cuCtxSetCurrent(void *) {
    return state();
}

DRIVER cuGetErrorName(Result result, const char **name) {
    return name_error(result, name, &ErrorName::name);
}

DRIVER cuGetErrorString(Result result, const char **text) {
    return name_error(result, text, &ErrorName::text);
}

EMULATOR(void) emulator_plug(const char *in) {
    plugged = *in != 0;
}

// Devices that are opened from now on are of this generation: 8 is Ampere, 9 Hopper.
EMULATOR(void) emulator_set_generation(int major) {
    major_capability = major;
}
