// Kernels that prove the emulator: each does something small, rightly where `bug` is 0, and with a bug planted where it is 1.
#include "../../main/cuda/primitives.cuh"

// ---- barriers

// to = from, backwards. One block.
extern "C" __global__ void __launch_bounds__(1024) reverse_block(const float *from, float *to, int bug) {
    DYNAMIC_SHARED(float, shared);
    shared[threadIdx.x] = load(from + threadIdx.x);
    if (bug == 0) {
        sync_block();
    }
    store(to + threadIdx.x, shared[blockDim.x - 1 - threadIdx.x]);
}
KERNEL(reverse_block)

// Each lane takes its neighbour's value through shared memory, within a warp.
extern "C" __global__ void __launch_bounds__(1024) rotate_warp(const float *from, float *to, int bug) {
    DYNAMIC_SHARED(float, shared);
    shared[threadIdx.x] = load(from + threadIdx.x);
    if (bug == 0) {
        sync_warp();
    }
    store(to + threadIdx.x, shared[threadIdx.x / 32 * 32 + (threadIdx.x + 1) % 32]);
}
KERNEL(rotate_warp)

// to[0] = the sum of from. Each warp in turn adds to what is there; the bug is that none waits for its turn.
extern "C" __global__ void __launch_bounds__(1024) sum_in_turn(const float *from, float *to, int bug) {
    DYNAMIC_SHARED(float, total);
    if (threadIdx.x == 0) {
        total[0] = 0.f;
    }
    sync_block();
    const float sum = warp_sum(load(from + threadIdx.x));
    for (int turn = 0; turn < static_cast<int>(blockDim.x / 32); turn++) {
        const int mine = static_cast<int>(threadIdx.x / 32);
        if (threadIdx.x % 32 == 0 && (bug == 0 ? mine == turn : turn == 0)) {
            const float before = total[0];
            float after = before + sum;
            for (int i = 0; i < 16; i++) { // long enough for another to come between
                after += 0.f * load(from + i);
            }
            total[0] = after;
        }
        if (bug == 0) {
            sync_block();
        }
    }
    sync_block();
    if (threadIdx.x == 0) {
        store(to, total[0]);
    }
}
KERNEL(sum_in_turn)

// Half a warp comes to the block's barrier, the other half to the warp's.
extern "C" __global__ void __launch_bounds__(1024) diverge(const float *from, float *to, int bug) {
    if (bug == 0 || threadIdx.x % 32 < 16) {
        sync_block();
    } else {
        sync_warp();
    }
    store(to + threadIdx.x, load(from + threadIdx.x));
}
KERNEL(diverge)

// Half a warp shuffles, the other half only waits.
extern "C" __global__ void __launch_bounds__(1024) shuffle_half(const float *from, float *to, int bug) {
    float value = load(from + threadIdx.x);
    if (bug == 0 || threadIdx.x % 32 < 16) {
        value = from_lane_xor(from_lane_xor(value, 1), 1);
    } else {
        sync_warp();
    }
    store(to + threadIdx.x, value);
}
KERNEL(shuffle_half)

// ---- asynchronous copies

// to = from, by way of shared memory; a thread copies 4 values and reads those of its neighbour.
extern "C" __global__ void __launch_bounds__(256) copy_and_wait(const float *from, float *to, int bug) {
    DYNAMIC_SHARED(float, shared);
    copy_async16(shared + threadIdx.x * 4, from + threadIdx.x * 4, true);
    copy_commit();
    if (bug == 0) {
        copy_wait<0>();
    } else {
        copy_wait<1>();
    }
    sync_block();
    const int neighbour = (threadIdx.x + 1) % blockDim.x;
    for (int i = 0; i < 4; i++) {
        store(to + neighbour * 4 + i, shared[neighbour * 4 + i]);
    }
}
KERNEL(copy_and_wait)

// The same, a piece of 4 * blockDim values at a time. The bug: the next piece is asked for while others still read.
extern "C" __global__ void __launch_bounds__(256) copy_pieces(const float *from, float *to, int pieces, int bug) {
    DYNAMIC_SHARED(float, shared);
    const int width = static_cast<int>(blockDim.x) * 4;
    for (int piece = 0; piece < pieces; piece++) {
        copy_async16(shared + threadIdx.x * 4, from + piece * width + threadIdx.x * 4, true);
        copy_commit();
        copy_wait<0>();
        sync_block();
        const int neighbour = (threadIdx.x + 33) % blockDim.x;
        for (int i = 0; i < 4; i++) {
            store(to + piece * width + neighbour * 4 + i, shared[neighbour * 4 + i]);
        }
        if (bug == 0) {
            sync_block();
        }
    }
}
KERNEL(copy_pieces)

// ---- memory

// to = from; the bug is one too many at the end of what is read.
extern "C" __global__ void __launch_bounds__(1024) read_past_end(const float *from, float *to, int count, int bug) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count + bug) {
        const float value = load(from + i);
        if (i < count) {
            store(to + i, value);
        }
    }
}
KERNEL(read_past_end)

extern "C" __global__ void __launch_bounds__(1024) write_past_end(const float *from, float *to, int count, int bug) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count + bug) {
        store(to + i, load(from + (i < count ? i : 0)));
    }
}
KERNEL(write_past_end)

// to[4 * i] = from[4 * i]; the bug is an address of 16 bytes that is a multiple of 4.
extern "C" __global__ void __launch_bounds__(1024) read_misaligned(const float *from, float *to, int bug) {
    const Bytes16 four = load_once16(from + (threadIdx.x == 0 ? 0 : 4 * threadIdx.x - bug));
    store(to + 4 * threadIdx.x, bits_to_float(four.word[0]));
}
KERNEL(read_misaligned)

// to = from; the bug is that the last thread never wrote what is read.
extern "C" __global__ void __launch_bounds__(1024) read_unwritten(const float *from, float *to, int bug) {
    DYNAMIC_SHARED(float, shared);
    if (threadIdx.x + bug < blockDim.x) {
        shared[threadIdx.x] = load(from + threadIdx.x);
    }
    sync_block();
    store(to + threadIdx.x, shared[threadIdx.x]);
}
KERNEL(read_unwritten)

// to = from; the bug is one too many in shared memory.
extern "C" __global__ void __launch_bounds__(1024) overflow_shared(const float *from, float *to, int bug) {
    DYNAMIC_SHARED(float, shared);
    shared[threadIdx.x + bug] = load(from + threadIdx.x);
    sync_block();
    store(to + threadIdx.x, shared[threadIdx.x + bug]);
}
KERNEL(overflow_shared)

// ---- the warp

// to[0] = the sum of from, of 32 values; the bug is a partner too near.
extern "C" __global__ void __launch_bounds__(32) sum_by_partners(const float *from, float *to, int bug) {
    float value = load(from + threadIdx.x);
    for (int mask = 16 >> bug; mask > 0; mask /= 2) {
        value += from_lane_xor(value, mask);
    }
    if (threadIdx.x == 0) {
        store(to, value);
    }
}
KERNEL(sum_by_partners)

// to = from[8] everywhere; the bug is that lane 8 has ended before it is asked.
extern "C" __global__ void __launch_bounds__(32) ask_absent_lane(const float *from, float *to, int bug) {
    if (bug == 1 && threadIdx.x == 8) {
        return;
    }
    store(to + threadIdx.x, from_lane(load(from + threadIdx.x), 8));
}
KERNEL(ask_absent_lane)

// The other way round: lanes that end as soon as they have shuffled have still given their values. No bug.
extern "C" __global__ void __launch_bounds__(64) end_after_shuffle(const float *from, float *to, int bug) {
    const float value = from_lane_xor(load(from + threadIdx.x), 31);
    if (threadIdx.x % 2 == 0) {
        for (int i = 0; i < 32; i++) {
            load(from + i); // the other half may end meanwhile
        }
        store(to + threadIdx.x, value);
    } else {
        store(to + threadIdx.x, value);
    }
}
KERNEL(end_after_shuffle)

// out (16 x 8, float32) = left (16 x 16, bf16) * right (16 x 8, bf16), through shared memory and fragments. The bug: the right
// matrix is taken as it lies, not transposed; at 2 it is transposed in the registers after that, which is right again.
extern "C" __global__ void __launch_bounds__(32)
    multiply_fragments(const bf16 *left, const bf16 *right, float *out, int bug) {
    DYNAMIC_SHARED(bf16, shared);
    const int lane = threadIdx.x;
    for (int i = lane; i < 16 * 16; i += 32) {
        shared[i] = load(left + i);
    }
    for (int i = lane; i < 16 * 8; i += 32) {
        shared[16 * 16 + i] = load(right + i);
    }
    sync_warp();
    u32 a[4], b[4], columns[2];
    // matrices 0 to 3 of the left one: rows 0-7, rows 8-15, then the same of columns 8-15
    load_matrices(a, shared + (lane % 16) * 16 + lane / 16 * 8);
    const bf16 *row = shared + 16 * 16 + (lane % 16) * 8;
    if (bug == 0) {
        load_matrices_transposed(b, row);
    } else {
        load_matrices(b, row);
    }
    if (bug == 2) { // no bug: the same by another way
        b[0] = transpose(b[0]);
        b[1] = transpose(b[1]);
    }
    columns[0] = b[0];
    columns[1] = b[1];
    float d[4] = {};
    multiply_add(d, a, columns);
    for (int i = 0; i < 4; i++) {
        store(out + (lane / 4 + i / 2 * 8) * 8 + lane % 4 * 2 + i % 2, d[i]);
    }
}
KERNEL(multiply_fragments)
