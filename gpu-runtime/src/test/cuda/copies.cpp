// Copies between host and device, and fills.
#include "driver.h"

namespace {

using namespace emulator;

void *pointer(Address address) {
    return reinterpret_cast<void *>(address);
}

// Refused at once where the device's memory is too small; an illegal address where it has gone when its turn comes.
Result copy(void *stream, const char *what, void *to, const void *from, size_t bytes, bool to_device, bool from_device) {
    auto fits = [=] { return (!to_device || is_allocated(to, bytes)) && (!from_device || is_allocated(from, bytes)); };
    REQUIRE_CONTEXT
    if (!fits()) {
        return INVALID_VALUE;
    }
    note(stream, what);
    return submit(stream, [=] {
        if (!fits()) {
            return ILLEGAL_ADDRESS;
        }
        memmove(to, from, bytes);
        return SUCCESS;
    });
}

Result now(Result asked) {
    finish(nullptr);
    return asked == SUCCESS ? state() : asked;
}

template <class T>
Result fill(void *stream, T *to, T value, size_t count) {
    REQUIRE_CONTEXT
    if (reinterpret_cast<uintptr_t>(to) % sizeof(T) != 0 || !is_allocated(to, count * sizeof(T))) {
        return INVALID_VALUE;
    }
    return submit(stream, [=] {
        std::fill(to, to + count, value);
        return SUCCESS;
    });
}

} // namespace

DRIVER cuMemcpyHtoDAsync_v2(Address to, const void *from, size_t bytes, void *stream) {
    return copy(stream, "upload", pointer(to), from, bytes, true, false);
}

DRIVER cuMemcpyDtoHAsync_v2(void *to, Address from, size_t bytes, void *stream) {
    return copy(stream, "download", to, pointer(from), bytes, false, true);
}

DRIVER cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void *stream) {
    return copy(stream, "copy", pointer(to), pointer(from), bytes, true, true);
}

DRIVER cuMemcpyHtoD_v2(Address to, const void *from, size_t bytes) {
    return now(cuMemcpyHtoDAsync_v2(to, from, bytes, nullptr));
}

DRIVER cuMemcpyDtoH_v2(void *to, Address from, size_t bytes) {
    return now(cuMemcpyDtoHAsync_v2(to, from, bytes, nullptr));
}

DRIVER cuMemcpyDtoD_v2(Address to, Address from, size_t bytes) {
    return now(cuMemcpyDtoDAsync_v2(to, from, bytes, nullptr));
}

DRIVER cuMemsetD8Async(Address to, unsigned char value, size_t bytes, void *stream) {
    return fill(stream, reinterpret_cast<unsigned char *>(to), value, bytes);
}

DRIVER cuMemsetD32Async(Address to, u32 value, size_t words, void *stream) {
    return fill(stream, reinterpret_cast<u32 *>(to), value, words);
}
