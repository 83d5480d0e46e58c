// Products of more than 16 rows in a decode step, with what product.cu does behind them in the same pass. Still bound by reading
// the weights: each is read once for 64 or 128 rows.
//   x, weights, tiles, place and finish: as in product.cu
//
// A block takes Pairs pairs of outputs and Rows rows. Stages of 64 inputs pass through shared memory, two on their way while
// one is multiplied; rows of 128 bytes lie there swizzled. A warp has 32 rows, and matrices of 8 + 8 outputs, so that a lane
// ends up with both outputs of a pair and no sum leaves its registers: it runs over the inputs in order, and a row's bits
// depend on nothing but the row.
// 256 threads, two blocks on a multiprocessor where it has 195 KB of shared memory; in flight: 32 KB of weights a block.

constexpr int WIDE_INPUTS = 64;
constexpr int WIDE_STAGES = 3;

template <int Pairs, int Rows>
struct ManyRows {
    static constexpr int LINES = 2 * Pairs + Rows; // of a stage: a weight's inputs, or a row's
    static constexpr int WARP_PAIRS = Pairs * Rows / 256;
    static constexpr int MATRICES = WARP_PAIRS / 8;
    static constexpr int WEIGHT_LINES = 2 * Pairs / 32; // of a thread, which copies 16 bytes of each
    static constexpr int ROW_LINES = Rows / 32;

    // Asks for 64 inputs from k on.
    static __device__ __forceinline__ void fetch(const bf16 *const (&weights)[WEIGHT_LINES], const bf16 *x, int inputs,
                                                 int rows, int k, bf16 *stage) {
        const int part = threadIdx.x % 8;
#pragma unroll
        for (int i = 0; i < WEIGHT_LINES; i++) {
            const bool exists = weights[i] != nullptr;
            copy_async16(stage + swizzled(threadIdx.x / 8 + i * 32, part), exists ? weights[i] + k : x, exists);
        }
#pragma unroll
        for (int i = 0; i < ROW_LINES; i++) {
            const int row = blockIdx.y * Rows + threadIdx.x / 8 + i * 32;
            const bool exists = row < rows;
            copy_async16(stage + swizzled(2 * Pairs + threadIdx.x / 8 + i * 32, part),
                         x + static_cast<long>(exists ? row : 0) * inputs + k + part * 8, exists);
        }
    }

    template <class Place, class Finish>
    static __device__ __forceinline__ void multiply(const bf16 *weights, const bf16 *x, int inputs, int rows, int tiles,
                                                    Place place, Finish finish) {
        DYNAMIC_SHARED(bf16, shared); // (stages, low outputs then high ones then rows, 64 inputs)
        const int lane = threadIdx.x % 32;
        const int first_row = threadIdx.x / 32 % (Rows / 32) * 32;                // of the block's
        const int first_pair = threadIdx.x / 32 / (Rows / 32) * WARP_PAIRS;       // of the block's
        const bf16 *lines[WEIGHT_LINES];
#pragma unroll
        for (int i = 0; i < WEIGHT_LINES; i++) {
            const int output = threadIdx.x / 8 + i * 32;
            const int pair = blockIdx.x * Pairs + output % Pairs;
            const TilePlace outputs = place(pair / 8 < tiles ? pair / 8 : 0);
            const long line = outputs.base + pair % 8 + (output < Pairs ? 0 : outputs.stride);
            lines[i] = pair / 8 < tiles ? weights + line * inputs + threadIdx.x % 8 * 8 : nullptr;
        }
        float sum[MATRICES][4][4]; // outputs: 8 low and 8 high ones; four times eight rows
#pragma unroll
        for (int i = 0; i < MATRICES * 16; i++) {
            sum[i / 16][i / 4 % 4][i % 4] = 0.f;
        }
        const int rounds = inputs / WIDE_INPUTS;
#pragma unroll
        for (int i = 0; i < WIDE_STAGES - 1; i++) {
            if (i < rounds) {
                fetch(lines, x, inputs, rows, i * WIDE_INPUTS, shared + i * LINES * WIDE_INPUTS);
            }
            copy_commit();
        }
        for (int round = 0; round < rounds; round++) {
            copy_wait<WIDE_STAGES - 2>();
            sync_block(); // the copies are there, and the stage before this one is no longer read
            const int next = round + WIDE_STAGES - 1;
            if (next < rounds) {
                fetch(lines, x, inputs, rows, next * WIDE_INPUTS, shared + next % WIDE_STAGES * LINES * WIDE_INPUTS);
            }
            copy_commit();
            const bf16 *stage = shared + round % WIDE_STAGES * LINES * WIDE_INPUTS;
#pragma unroll
            for (int part = 0; part < WIDE_INPUTS / 8; part += 2) {
                u32 right[4][2];
#pragma unroll
                for (int i = 0; i < 4; i += 2) { // two times eight rows
                    u32 both[4];
                    const int row = first_row + i * 8 + lane / 16 * 8 + lane % 8;
                    load_matrices(both, stage + swizzled(2 * Pairs + row, part + lane / 8 % 2));
                    right[i][0] = both[0];
                    right[i][1] = both[1];
                    right[i + 1][0] = both[2];
                    right[i + 1][1] = both[3];
                }
#pragma unroll
                for (int i = 0; i < MATRICES; i++) {
                    u32 left[4];
                    const int output = first_pair + i * 8 + lane % 8 + lane / 8 % 2 * Pairs;
                    load_matrices(left, stage + swizzled(output, part + lane / 16));
#pragma unroll
                    for (int j = 0; j < 4; j++) {
                        multiply_add(sum[i][j], left, right[j]);
                    }
                }
            }
        }
#pragma unroll
        for (int i = 0; i < MATRICES; i++) {
            const int tile = (blockIdx.x * Pairs + first_pair) / 8 + i;
            if (tile >= tiles) {
                break;
            }
            const int output = place(tile).base + lane / 4;
#pragma unroll
            for (int j = 0; j < 8; j++) {
                const int row = blockIdx.y * Rows + first_row + j / 2 * 8 + lane % 4 * 2 + j % 2;
                if (row < rows) {
                    finish(row, output, sum[i][j / 2][j % 2], sum[i][j / 2][j % 2 + 2]);
                }
            }
        }
    }
};

// The kernels' names end in rows (64 or 128). Grid: (pairs / Pairs, rows / Rows).
#define WIDE_PRODUCTS(Rows)                                                                                            \
    extern "C" __global__ void __launch_bounds__(256, 2)                                                               \
        wide_gated_product_##Rows(const bf16 *weights, const bf16 *x, int inputs, int rows, int width,                 \
                                  const float *bias, bf16 *out) {                                                      \
        gated_product<ManyRows<64, Rows>>(weights, x, inputs, rows, width, bias, out);                                 \
    }                                                                                                                  \
    KERNEL(wide_gated_product_##Rows)                                                                                  \
    extern "C" __global__ void __launch_bounds__(256, 2)                                                               \
        wide_cached_product_##Rows(const bf16 *weights, const bf16 *x, int inputs, int rows, const float *bias,        \
                                   HeadSizes heads, const float *cos_sin, bf16 *cache, const int *slots, bf16 *out) {  \
        cached_product<ManyRows<32, Rows>>(weights, x, inputs, rows, bias, heads, cos_sin, cache, slots, out);         \
    }                                                                                                                  \
    KERNEL(wide_cached_product_##Rows)
WIDE_PRODUCTS(64)
WIDE_PRODUCTS(128)
