// Hopper's matrix instructions of four warps (`src/main/cuda/warpgroup.cuh`) on the processor. They read shared memory when they
// are asked for: what a missing fence or wait would spoil is not seen here.
#pragma once

inline u32 shared_address(const void *shared) {
    return static_cast<u32>(reinterpret_cast<uintptr_t>(shared));
}

inline u64 descriptor(const bf16 *tile) {
    return reinterpret_cast<u64>(tile);
}

inline void warpgroup_begin() {
    sync_warp();
}

inline void warpgroup_finish() {
    sync_warp();
}

inline void show_to_warpgroups() {}

namespace emulator {

// Of a tile of rows of 128 bytes, whose 16-byte parts are exchanged by the address's next three bits.
inline float swizzled_value(u64 tile, unsigned row, unsigned column) {
    u64 address = tile + row * 128 + column * 2;
    address ^= (address >> 7 & 7) << 4;
    check_shared(reinterpret_cast<const void *>(address), 2, 2);
    u32 bits = *reinterpret_cast<const bf16 *>(address);
    bits <<= 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

constexpr unsigned long WARPGROUP = 128; // threads, which share an instruction's operations

} // namespace emulator

inline void multiply_keys(float (&d)[32], u64 queries, u64 keys, bool add) {
    emulator::require_whole_warp("multiply_keys");
    const unsigned first_row = threadIdx.x % 128 / 32 * 16 + threadIdx.x % 32 / 4;
    for (unsigned i = 0; i < 32; i++) {
        const unsigned token = i / 4 * 8 + threadIdx.x % 4 * 2 + i % 2;
        float sum = add ? d[i] : 0.f;
        for (unsigned k = 0; k < 16; k++) {
            sum += emulator::swizzled_value(queries, first_row + i % 4 / 2 * 8, k) *
                   emulator::swizzled_value(keys, token, k);
        }
        d[i] = sum;
    }
    emulator::count_flops(2ul * 64 * 64 * 16 / emulator::WARPGROUP);
}

inline void multiply_values(float (&d)[64], const u32 (&a)[4], u64 values) {
    emulator::require_whole_warp("multiply_values");
    float weights[2][16]; // of rows group and group + 8
    for (unsigned i = 0; i < 4; i++) {
        for (unsigned member = 0; member < 4; member++) {
            const u32 pair = from_lane(a[i], static_cast<int>(threadIdx.x % 32 / 4 * 4 + member));
            for (unsigned half = 0; half < 2; half++) {
                const u32 bits = half == 0 ? pair << 16 : pair & 0xffff0000u;
                memcpy(&weights[i % 2][i / 2 * 8 + member * 2 + half], &bits, 4);
            }
        }
    }
    for (unsigned i = 0; i < 64; i++) {
        const unsigned dimension = i / 4 * 8 + threadIdx.x % 4 * 2 + i % 2;
        for (unsigned k = 0; k < 16; k++) {
            d[i] += weights[i % 4 / 2][k] * emulator::swizzled_value(values, dimension, k);
        }
    }
    emulator::count_flops(2ul * 64 * 128 * 16 / emulator::WARPGROUP);
}
