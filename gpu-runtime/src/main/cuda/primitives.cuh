// What the kernels are written in: loads, stores, asynchronous copies and warp-wide matrix instructions.
//
// One source, two compilers. nvcc takes the PTX below; g++ takes `src/test/cuda/emulator.h` instead, which offers the same
// names on the processor, checks every address and counts every byte. So kernels touch global memory through load and
// store only, and use no static shared memory.
#pragma once
#ifndef CUDA_EMULATOR
#include <cstdint>
#endif

typedef uint16_t bf16; // the bits of a bfloat16
typedef uint32_t u32;  // two of them, the first in the low half
typedef unsigned long long u64;

// ---- numbers

__device__ __forceinline__ float bits_to_float(u32 bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

__device__ __forceinline__ u32 float_to_bits(float value) {
    u32 bits;
    memcpy(&bits, &value, 4);
    return bits;
}

__device__ __forceinline__ float to_float(bf16 x) {
    return bits_to_float(static_cast<u32>(x) << 16);
}

__device__ __forceinline__ float low_float(u32 pair) {
    return bits_to_float(pair << 16);
}

__device__ __forceinline__ float high_float(u32 pair) {
    return bits_to_float(pair & 0xffff0000u);
}

#ifndef CUDA_EMULATOR

struct alignas(16) Bytes16 {
    u32 word[4];
};

struct alignas(8) Bytes8 {
    u32 word[2];
};

// The name under which the driver finds a kernel; the emulator needs to be told its parameters' types.
#define KERNEL(name)
#define DYNAMIC_SHARED(type, name)                                                                                     \
    extern __shared__ __align__(128) unsigned char name##_bytes[];                                                     \
    type *name = reinterpret_cast<type *>(name##_bytes)

// Rounds to the nearest, ties to even; `first` goes to the low half.
__device__ __forceinline__ u32 pack(float first, float second) {
    u32 pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
    return pair;
}

__device__ __forceinline__ bf16 to_bf16(float value) {
    return static_cast<bf16>(pack(value, 0.f));
}

// 2^x, to 2 units in the last place.
__device__ __forceinline__ float exp2_fast(float x) {
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

// ---- global memory

template <class T>
__device__ __forceinline__ T load(const T *from) {
    return *from;
}

template <class T>
__device__ __forceinline__ void store(T *to, T value) {
    *to = value;
}

// 16 bytes, aligned. Read once: they don't stay in the first-level cache.
__device__ __forceinline__ Bytes16 load_once16(const void *from) {
    Bytes16 v;
    asm("ld.global.nc.L1::no_allocate.L2::128B.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.word[0]), "=r"(v.word[1]), "=r"(v.word[2]), "=r"(v.word[3])
                 : "l"(from));
    return v;
}

// 8 bytes, aligned. Read once.
__device__ __forceinline__ Bytes8 load_once8(const void *from) {
    Bytes8 v;
    asm("ld.global.nc.L1::no_allocate.v2.u32 {%0, %1}, [%2];" : "=r"(v.word[0]), "=r"(v.word[1]) : "l"(from));
    return v;
}

__device__ __forceinline__ u32 add_atomically(u32 *to, u32 amount) {
    return atomicAdd(to, amount);
}

// In shared memory; the value before.
__device__ __forceinline__ u32 add_in_block(u32 *to_shared, u32 amount) {
    return atomicAdd(to_shared, amount);
}

// ---- asynchronous copies to shared memory: they land at the wait for their group, not before

// 16 bytes, both ends aligned. Where not `valid`, zeros are written and `from` isn't read.
__device__ __forceinline__ void copy_async16(void *to_shared, const void *from, bool valid) {
    u32 to = static_cast<u32>(__cvta_generic_to_shared(to_shared));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(valid ? 16 : 0) : "memory");
}

__device__ __forceinline__ void copy_commit() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most `Pending` of this thread's latest groups are under way.
template <int Pending>
__device__ __forceinline__ void copy_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
}

// ---- matrix instructions; the whole warp takes part. Lane l has group l / 4 and member l % 4.

// d (16 x 8, float32) += a (16 x 16, bf16) * b (16 x 8, bf16).
//   a[0]: row group, columns 2 * member and the next   a[1]: row group + 8   a[2], a[3]: the same, columns + 8
//   b[0]: rows 2 * member and the next, column group    b[1]: rows + 8
//   d[0], d[1]: row group, columns 2 * member and the next   d[2], d[3]: row group + 8
__device__ __forceinline__ void multiply_add(float (&d)[4], const u32 (&a)[4], const u32 (&b)[2]) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
                 "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// Four 8 x 8 matrices of bf16 from shared memory. Lane l gives the address of row l % 8 of matrix l / 8 (16 bytes, aligned)
// and gets, of each matrix, row group, columns 2 * member and the next.
__device__ __forceinline__ void load_matrices(u32 (&r)[4], const void *row) {
    u32 from = static_cast<u32>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(from)
                 : "memory");
}

// The same, each matrix transposed: a lane gets rows 2 * member and the next, column group.
__device__ __forceinline__ void load_matrices_transposed(u32 (&r)[4], const void *row) {
    u32 from = static_cast<u32>(__cvta_generic_to_shared(row));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(from)
                 : "memory");
}

// Transposes an 8 x 8 matrix of bf16 that lies in the warp's registers, each lane holding row group, columns 2 * member and
// the next.
__device__ __forceinline__ u32 transpose(u32 pair) {
    u32 result;
    asm volatile("movmatrix.sync.aligned.m8n8.trans.b16 %0, %1;" : "=r"(result) : "r"(pair));
    return result;
}

// ---- the warp and the block

// From the lane whose number differs in the bits of `mask`.
template <class T>
__device__ __forceinline__ T from_lane_xor(T value, int mask) {
    return __shfl_xor_sync(0xffffffffu, value, mask);
}

template <class T>
__device__ __forceinline__ T from_lane(T value, int lane) {
    return __shfl_sync(0xffffffffu, value, lane);
}

__device__ __forceinline__ void sync_warp() {
    __syncwarp();
}

__device__ __forceinline__ void sync_block() {
    __syncthreads();
}

// What this thread wrote before is seen by whoever sees what it writes after.
__device__ __forceinline__ void fence_device() {
    __threadfence();
}

#endif

// Where a 16-byte part of a row of 128 bytes lies in shared memory, in bf16 values: the parts are exchanged by the row's number
// modulo 8, so that eight rows' same parts fall into different banks.
__device__ __forceinline__ int swizzled(int row, int part) {
    return row * 64 + (part ^ row % 8) * 8;
}

// ---- sums over the warp, made of the above

__device__ __forceinline__ float warp_sum(float value) {
    for (int mask = 16; mask > 0; mask /= 2) {
        value += from_lane_xor(value, mask);
    }
    return value;
}

__device__ __forceinline__ float warp_max(float value) {
    for (int mask = 16; mask > 0; mask /= 2) {
        value = fmaxf(value, from_lane_xor(value, mask));
    }
    return value;
}
