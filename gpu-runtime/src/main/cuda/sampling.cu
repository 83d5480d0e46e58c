// Finds the highest logit of each row.

// A float and its place as one number whose order is the float's, then that of lower places. NaN comes out highest.
__device__ __forceinline__ u64 ranked(float score, int place) {
    const u32 bits = float_to_bits(score);
    const u32 ordered = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    return static_cast<u64>(ordered) << 32 | static_cast<u32>(~place);
}

__device__ __forceinline__ u64 higher(u64 a, u64 b) {
    return a > b ? a : b;
}

// keys[row] = the highest of its ranked scores; zero before.   scores: (rows, width)
// Grid: (pieces of a row, rows). Bytes: each score once.
extern "C" __global__ void __launch_bounds__(256) likeliest(const float *scores, int width, u64 *keys) {
    DYNAMIC_SHARED(u64, of_warps);
    const float *row = scores + static_cast<long>(blockIdx.y) * width;
    u64 best = 0;
#pragma unroll 4
    for (int i = blockIdx.x * 256 + threadIdx.x; i < width; i += gridDim.x * 256) {
        best = higher(best, ranked(load(row + i), i));
    }
#pragma unroll
    for (int mask = 16; mask > 0; mask /= 2) {
        best = higher(best, from_lane_xor(best, mask));
    }
    if (threadIdx.x % 32 == 0) {
        of_warps[threadIdx.x / 32] = best;
    }
    sync_block();
    if (threadIdx.x == 0) {
#pragma unroll
        for (int i = 1; i < 8; i++) {
            best = higher(best, of_warps[i]);
        }
        keep_highest_atomically(keys + blockIdx.y, best);
    }
}
KERNEL(likeliest)
