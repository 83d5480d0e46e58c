// Products of 1 to 16 rows with a weight matrix: out = x * weights^T. They are bound by reading the weights, each once.
//   x: (rows, inputs) bf16   weights: (outputs, inputs) bf16   inputs % 64 == 0   sums are float32
//
// A block takes tiles of 8 + 8 outputs: eight from `base` on, and the eight that stand `stride` behind them, so that what an
// epilogue needs together (gate and up, the two halves of a rotary pair) meets in one block. Its eight warps share the
// inputs, 64 at a time in turn, and add up their sums in the warps' order: a row's bits depend on nothing but the row.
//
// A lane loads 16 bytes of weights at once, eight inputs of one output, and takes them as they come for the inputs of two
// matrix instructions; x is loaded alike. Which inputs stand where in the instruction doesn't matter as long as both agree.
// 256 threads; in flight: 256 bytes of weights a thread. Two blocks fit on a multiprocessor at the least.

constexpr int PRODUCT_WARPS = 8;

template <int RowGroups, int Tiles>
struct ProductSums {
    float sum[Tiles][RowGroups][4];
};

// Which outputs a tile holds.
struct TilePlace {
    int base;
    int stride;
};

template <int RowGroups, int Tiles, class Place>
__device__ __forceinline__ void multiply_tiles(const bf16 *weights, const bf16 *x, int inputs, int rows, int tiles,
                                               Place place, ProductSums<RowGroups, Tiles> &sums) {
    const int lane = threadIdx.x % 32;
    const int group = lane / 4;
    const int at = lane % 4 * 8;
    const bf16 *low[Tiles];
    const bf16 *high[Tiles];
#pragma unroll
    for (int tile = 0; tile < Tiles; tile++) {
        const int number = blockIdx.x * Tiles + tile;
        const TilePlace outputs = place(number < tiles ? number : 0);
        low[tile] = weights + static_cast<long>(outputs.base + group) * inputs + at;
        high[tile] = low[tile] + static_cast<long>(outputs.stride) * inputs;
#pragma unroll
        for (int rowGroup = 0; rowGroup < RowGroups; rowGroup++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                sums.sum[tile][rowGroup][i] = 0.f;
            }
        }
    }
    const bf16 *right[RowGroups];
#pragma unroll
    for (int rowGroup = 0; rowGroup < RowGroups; rowGroup++) {
        const int row = rowGroup * 8 + group;
        right[rowGroup] = x + static_cast<long>(row < rows ? row : 0) * inputs + at; // sums of absent rows are not used
    }
#pragma unroll 4
    for (int k = threadIdx.x / 32 * 64; k < inputs; k += PRODUCT_WARPS * 64) {
#pragma unroll
        for (int part = k; part < k + 64; part += 32) {
            Bytes16 b[RowGroups];
#pragma unroll
            for (int rowGroup = 0; rowGroup < RowGroups; rowGroup++) {
                b[rowGroup] = load(reinterpret_cast<const Bytes16 *>(right[rowGroup] + part));
            }
#pragma unroll
            for (int tile = 0; tile < Tiles; tile++) {
                const Bytes16 first = load_once16(low[tile] + part);
                const Bytes16 second = load_once16(high[tile] + part);
#pragma unroll
                for (int half = 0; half < 4; half += 2) {
                    const u32 a[4] = {first.word[half], second.word[half], first.word[half + 1], second.word[half + 1]};
#pragma unroll
                    for (int rowGroup = 0; rowGroup < RowGroups; rowGroup++) {
                        const u32 right2[2] = {b[rowGroup].word[half], b[rowGroup].word[half + 1]};
                        multiply_add(sums.sum[tile][rowGroup], a, right2);
                    }
                }
            }
        }
    }
}

// Adds up the warps' sums and hands each row's pair of outputs to `finish(row, output, low, high)`.
template <int RowGroups, int Tiles, class Place, class Finish>
__device__ __forceinline__ void finish_tiles(const ProductSums<RowGroups, Tiles> &sums, int rows, int tiles, Place place,
                                             Finish finish) {
    constexpr int ROWS = RowGroups * 8;
    DYNAMIC_SHARED(float, shared); // (warps, Tiles, 16 outputs, ROWS)
    const int warp = threadIdx.x / 32;
    const int group = threadIdx.x % 32 / 4;
    const int member = threadIdx.x % 4;
#pragma unroll
    for (int tile = 0; tile < Tiles; tile++) {
        float *mine = shared + (warp * Tiles + tile) * 16 * ROWS;
#pragma unroll
        for (int rowGroup = 0; rowGroup < RowGroups; rowGroup++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                mine[(group + i / 2 * 8) * ROWS + rowGroup * 8 + member * 2 + i % 2] = sums.sum[tile][rowGroup][i];
            }
        }
    }
    sync_block();
    for (int i = threadIdx.x; i < Tiles * 8 * ROWS; i += PRODUCT_WARPS * 32) {
        const int output = i % 8;
        const int row = i / 8 % ROWS;
        const int tile = i / 8 / ROWS;
        const int number = blockIdx.x * Tiles + tile;
        if (row >= rows || number >= tiles) {
            continue;
        }
        float low = 0.f;
        float high = 0.f;
#pragma unroll
        for (int w = 0; w < PRODUCT_WARPS; w++) {
            const float *of_warp = shared + (w * Tiles + tile) * 16 * ROWS + row;
            low += of_warp[output * ROWS];
            high += of_warp[(output + 8) * ROWS];
        }
        finish(row, place(number).base + output, low, high);
    }
}

// How the products below are multiplied; wide_product.cu has another way.
template <int RowGroups, int Tiles>
struct FewRows {
    template <class Place, class Finish>
    static __device__ __forceinline__ void multiply(const bf16 *weights, const bf16 *x, int inputs, int rows, int tiles,
                                                    Place place, Finish finish) {
        ProductSums<RowGroups, Tiles> sums;
        multiply_tiles<RowGroups, Tiles>(weights, x, inputs, rows, tiles, place, sums);
        finish_tiles<RowGroups, Tiles>(sums, rows, tiles, place, finish);
    }
};

// out = x * weights^T + bias; out is (rows, outputs), float32 or bf16. outputs % 16 == 0.
template <class Way, class Out>
__device__ __forceinline__ void plain_product(const bf16 *weights, const bf16 *x, int inputs, int rows, int outputs,
                                              const float *bias, Out *out) {
    Way::multiply(
        weights, x, inputs, rows, outputs / 16, [](int tile) { return TilePlace{tile * 16, 8}; },
        [=](int row, int output, float low, float high) {
            if (bias != nullptr) {
                low += load(bias + output);
                high += load(bias + output + 8);
            }
            Out *to = out + static_cast<long>(row) * outputs + output;
            put(to, low);
            put(to + 8, high);
        });
}

// out = silu(gate) * up in one pass; weights are (2 * width, inputs), the gate's before the up's; out is (rows, width) bf16.
// width % 8 == 0.
template <class Way>
__device__ __forceinline__ void gated_product(const bf16 *weights, const bf16 *x, int inputs, int rows, int width,
                                              const float *bias, bf16 *out) {
    Way::multiply(
        weights, x, inputs, rows, width / 8, [=](int tile) { return TilePlace{tile * 8, width}; },
        [=](int row, int output, float gate, float up) {
            if (bias != nullptr) {
                gate += load(bias + output);
                up += load(bias + width + output);
            }
            store(out + static_cast<long>(row) * width + output, to_bf16(silu(gate) * up));
        });
}

// Queries, keys and values of a decode step: the product, its bias, the rotation, and the write to the cache.
//   out: (rows, row width) bf16, of which the queries are written   the rest as in rotate_and_cache   size % 16 == 0
template <class Way>
__device__ __forceinline__ void cached_product(const bf16 *weights, const bf16 *x, int inputs, int rows,
                                               const float *bias, HeadSizes heads, const float *cos_sin, bf16 *cache,
                                               const int *slots, bf16 *out) {
    const int half = heads.size / 2;
    const int tiles_of_head = half / 8;
    Way::multiply(
        weights, x, inputs, rows, (heads.query + 2 * heads.key_value) * tiles_of_head,
        [=](int tile) { return TilePlace{tile / tiles_of_head * heads.size + tile % tiles_of_head * 8, half}; },
        [=](int row, int output, float a, float b) {
            if (bias != nullptr) {
                a += load(bias + output);
                b += load(bias + output + half);
            }
            const int head = output / heads.size;
            const int j = output % heads.size;
            const int key_head = head - heads.query;
            const int slot = load(slots + row);
            if (key_head >= heads.key_value) {
                bf16 *part =
                    cache + part_of(slot / BLOCK_TOKENS, key_head - heads.key_value, heads.key_value, heads.size);
                put_value(part, slot % BLOCK_TOKENS, heads.size, j, a);
                put_value(part, slot % BLOCK_TOKENS, heads.size, j + half, b);
                return;
            }
            const float *angles = cos_sin + static_cast<long>(row) * heads.size;
            const float cosine = load(angles + j);
            const float sine = load(angles + half + j);
            const float first = a * cosine - b * sine;
            const float second = b * cosine + a * sine;
            if (key_head < 0) {
                bf16 *to = out + static_cast<long>(row) * heads.row_width() + output;
                store(to, to_bf16(first));
                store(to + half, to_bf16(second));
            } else {
                bf16 *part = cache + part_of(slot / BLOCK_TOKENS, key_head, heads.key_value, heads.size);
                put_key(part, slot % BLOCK_TOKENS, heads.size, j, first);
                put_key(part, slot % BLOCK_TOKENS, heads.size, j + half, second);
            }
        });
}

// The kernels' names end in rows (8 or 16) and, where it varies, tiles of a block.
#define PRODUCTS(rows_name, RowGroups, tiles_name, Tiles)                                                              \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        product_float_##rows_name##_##tiles_name(const bf16 *weights, const bf16 *x, int inputs, int rows,             \
                                                 int outputs, const float *bias, float *out) {                         \
        plain_product<FewRows<RowGroups, Tiles>>(weights, x, inputs, rows, outputs, bias, out);                                 \
    }                                                                                                                  \
    KERNEL(product_float_##rows_name##_##tiles_name)                                                                   \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        product_bf16_##rows_name##_##tiles_name(const bf16 *weights, const bf16 *x, int inputs, int rows, int outputs, \
                                                const float *bias, bf16 *out) {                                        \
        plain_product<FewRows<RowGroups, Tiles>>(weights, x, inputs, rows, outputs, bias, out);                                 \
    }                                                                                                                  \
    KERNEL(product_bf16_##rows_name##_##tiles_name)                                                                    \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        gated_product_##rows_name##_##tiles_name(const bf16 *weights, const bf16 *x, int inputs, int rows, int width,  \
                                                 const float *bias, bf16 *out) {                                       \
        gated_product<FewRows<RowGroups, Tiles>>(weights, x, inputs, rows, width, bias, out);                                   \
    }                                                                                                                  \
    KERNEL(gated_product_##rows_name##_##tiles_name)
PRODUCTS(8, 1, 1, 1)
PRODUCTS(8, 1, 2, 2)
PRODUCTS(16, 2, 1, 1)
PRODUCTS(16, 2, 2, 2)

#define CACHED_PRODUCT(rows_name, RowGroups)                                                                           \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        cached_product_##rows_name(const bf16 *weights, const bf16 *x, int inputs, int rows, const float *bias,        \
                                   HeadSizes heads, const float *cos_sin, bf16 *cache, const int *slots, bf16 *out) {  \
        cached_product<FewRows<RowGroups, 1>>(weights, x, inputs, rows, bias, heads, cos_sin, cache, slots, out);                  \
    }                                                                                                                  \
    KERNEL(cached_product_##rows_name)
CACHED_PRODUCT(8, 1)
CACHED_PRODUCT(16, 2)
