// What kernels are written in (`src/main/cuda/primitives.cuh`), on the processor: g++ compiles the kernels behind this header.
//
// A CUDA thread is a fiber; which of a block's fibers goes on is drawn by a seed, at every meeting and now and then at an access
// to device memory, so that what a missing barrier leaves to chance comes out differently. Every access to device memory is checked against what has been
// allocated, and counted. Fresh memory, shared memory too, holds NaN, and so does the target of a copy that is under way.
#pragma once
#define CUDA_EMULATOR 1
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <tuple>
#include <utility>

typedef uint16_t bf16;
typedef uint32_t u32;
typedef unsigned long long u64;

struct Index3 {
    unsigned x = 1, y = 1, z = 1;
};

namespace emulator {

// ---- the thread that runs

struct Warp;

struct Thread {
    Index3 index;
    unsigned lane;
    Warp *warp;
};

struct Block {
    Index3 index, threads, blocks;
    unsigned char *shared;
    size_t shared_bytes;
};

// A pointer of each core's own that is found without asking the dynamic linker.
#define PER_CORE __attribute__((tls_model("initial-exec"))) __thread

extern PER_CORE Thread *thread;
extern PER_CORE Block *block;

// What a warp's lanes hand to each other, and what came of it.
struct Warp {
    unsigned lanes = 0, arrived = 0, generation = 0;
    u32 absent = 0;                // a bit for each lane that has ended or never was
    const char *meeting = nullptr; // what those who have arrived wait for
    // Taken in turn: a lane can be one meeting ahead of another, not two.
    struct Exchange {
        alignas(16) unsigned char given[32][32];
        float product[16][8];
        u32 absent; // lanes, when the others met; who took part may end before all have read
    } exchanges[2];

    Exchange &next_exchange() {
        return exchanges[generation % 2];
    }
};

// Waits until all lanes of the warp are here, for the same thing; the last one does `together` with what they gave.
void meet_warp(const char *what, void (*together)(Warp::Exchange &) = nullptr);
void multiply_fragments(Warp::Exchange &exchange);
void meet_block();
// Ends the kernel, and the context with it, where not all 32 lanes are there.
void require_whole_warp(const char *what);
void require_lane(const Warp::Exchange &exchange, unsigned lane);

// ---- memory

// Ends the kernel, and the context with it, unless [address, address + bytes) lies in one allocation and is aligned.
void check_global(const void *address, size_t bytes, size_t alignment, bool write);
void check_shared(const void *address, size_t bytes, size_t alignment);
void count_flops(unsigned long flops);
void copy_later(void *shared, const void *global, bool valid);
void commit_copies();
void land_copies(int pending);

// ---- kernels by name

typedef std::function<void()> Call;

struct Kernel {
    const char *name;
    Call (*bind)(void **arguments);
};

void add_kernel(const Kernel &kernel);

// Takes a copy of the arguments, as a launch does.
template <class... A, size_t... I>
Call bind_arguments(void (*function)(A...), void **arguments, std::index_sequence<I...>) {
    auto values = std::make_tuple(*static_cast<std::remove_cv_t<A> *>(arguments[I])...);
    return [=] { std::apply(function, values); };
}

template <class... A>
Call bind_arguments(void (*function)(A...), void **arguments) {
    return bind_arguments(function, arguments, std::index_sequence_for<A...>{});
}

struct AddKernel {
    AddKernel(const char *name, Call (*bind)(void **)) {
        add_kernel(Kernel{name, bind});
    }
};

} // namespace emulator

#define KERNEL(name)                                                                                                   \
    static emulator::AddKernel add_##name(#name, [](void **a) { return emulator::bind_arguments(&name, a); });
#define DYNAMIC_SHARED(type, name) type *name = reinterpret_cast<type *>(emulator::block->shared)

#define __global__
#define __device__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define threadIdx (emulator::thread->index)
#define blockIdx (emulator::block->index)
#define blockDim (emulator::block->threads)
#define gridDim (emulator::block->blocks)
using std::isfinite;
using std::min;

struct alignas(16) Bytes16 {
    u32 word[4];
};

struct alignas(8) Bytes8 {
    u32 word[2];
};

inline float rsqrtf(float x) {
    return 1.f / std::sqrt(x);
}

inline bf16 to_bf16(float value) {
    u32 bits;
    memcpy(&bits, &value, 4);
    if (std::isnan(value)) {
        return static_cast<bf16>(bits >> 16 | 0x40);
    }
    return static_cast<bf16>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

inline u32 pack(float first, float second) {
    return static_cast<u32>(to_bf16(second)) << 16 | to_bf16(first);
}

inline float exp2_fast(float x) {
    return std::exp2(x);
}

// ---- global memory

template <class T>
inline T load(const T *from) {
    emulator::check_global(from, sizeof(T), alignof(T), false);
    return *from;
}

template <class T>
inline void store(T *to, T value) {
    emulator::check_global(to, sizeof(T), alignof(T), true);
    *to = value;
}

inline Bytes16 load_once16(const void *from) {
    return load(static_cast<const Bytes16 *>(from));
}

inline Bytes8 load_once8(const void *from) {
    return load(static_cast<const Bytes8 *>(from));
}

inline u32 add_atomically(u32 *to, u32 amount) {
    emulator::check_global(to, 4, 4, true);
    return __atomic_fetch_add(to, amount, __ATOMIC_SEQ_CST);
}

inline u32 add_in_block(u32 *to_shared, u32 amount) {
    emulator::check_shared(to_shared, 4, 4);
    return __atomic_fetch_add(to_shared, amount, __ATOMIC_SEQ_CST);
}

inline void fence_device() {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

// ---- asynchronous copies: they land at the wait for their group, not before

inline void copy_async16(void *to_shared, const void *from, bool valid) {
    emulator::check_shared(to_shared, 16, 16);
    if (valid) {
        emulator::check_global(from, 16, 16, false);
    }
    emulator::copy_later(to_shared, from, valid);
}

inline void copy_commit() {
    emulator::commit_copies();
}

template <int Pending>
inline void copy_wait() {
    emulator::land_copies(Pending);
}

// ---- the warp

template <class T>
inline T from_lane(T value, int lane) {
    emulator::Warp::Exchange &exchange = emulator::thread->warp->next_exchange();
    const unsigned from = static_cast<unsigned>(lane) % 32;
    memcpy(exchange.given[emulator::thread->lane], &value, sizeof(T));
    emulator::meet_warp("shuffle");
    emulator::require_lane(exchange, from);
    T result;
    memcpy(&result, exchange.given[from], sizeof(T));
    return result;
}

template <class T>
inline T from_lane_xor(T value, int mask) {
    return from_lane(value, static_cast<int>(emulator::thread->lane) ^ mask);
}

inline void sync_warp() {
    emulator::meet_warp("sync_warp");
}

inline void sync_block() {
    emulator::meet_block();
}

inline void multiply_add(float (&d)[4], const u32 (&a)[4], const u32 (&b)[2]) {
    emulator::Warp::Exchange &exchange = emulator::thread->warp->next_exchange();
    const unsigned lane = emulator::thread->lane;
    memcpy(exchange.given[lane], a, sizeof a);
    memcpy(exchange.given[lane] + sizeof a, b, sizeof b);
    emulator::require_whole_warp("multiply_add");
    emulator::meet_warp("multiply_add", &emulator::multiply_fragments);
    for (int i = 0; i < 4; i++) {
        d[i] += exchange.product[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2];
    }
}

inline void load_matrices(u32 (&r)[4], const void *row, bool transposed) {
    emulator::check_shared(row, 16, 16);
    emulator::Warp::Exchange &exchange = emulator::thread->warp->next_exchange();
    const unsigned lane = emulator::thread->lane;
    memcpy(exchange.given[lane], row, 16);
    emulator::require_whole_warp("load_matrices");
    emulator::meet_warp("load_matrices");
    for (unsigned i = 0; i < 4; i++) {
        bf16 pair[2];
        for (unsigned j = 0; j < 2; j++) {
            const unsigned of_row = transposed ? lane % 4 * 2 + j : lane / 4;
            const unsigned column = transposed ? lane / 4 : lane % 4 * 2 + j;
            memcpy(&pair[j], exchange.given[i * 8 + of_row] + column * 2, 2);
        }
        r[i] = static_cast<u32>(pair[1]) << 16 | pair[0];
    }
}

inline void load_matrices(u32 (&r)[4], const void *row) {
    load_matrices(r, row, false);
}

inline void load_matrices_transposed(u32 (&r)[4], const void *row) {
    load_matrices(r, row, true);
}

inline u32 transpose(u32 pair) {
    emulator::Warp::Exchange &exchange = emulator::thread->warp->next_exchange();
    const unsigned lane = emulator::thread->lane;
    memcpy(exchange.given[lane], &pair, 4);
    emulator::require_whole_warp("transpose");
    emulator::meet_warp("transpose");
    bf16 result[2];
    for (unsigned j = 0; j < 2; j++) {
        const unsigned row = lane % 4 * 2 + j, column = lane / 4;
        memcpy(&result[j], exchange.given[row * 4 + column / 2] + column % 2 * 2, 2);
    }
    return static_cast<u32>(result[1]) << 16 | result[0];
}

#include "warpgroup.h"
