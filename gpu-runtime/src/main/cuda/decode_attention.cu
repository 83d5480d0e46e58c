// Attention of single rows over their sequence's cached tokens: bound by reading keys and values, each once for all query
// heads that share them.
//
// Scores are computed as (tokens x heads) = keys (16 tokens x size) * queries^T, so that the up to 8 query heads of a
// key-value head fill the narrow side of the matrix instruction, and the answer as (size x heads) = values^T * weights.
// Both operands come straight from the cache to registers. Within a block of 16 tokens the instruction's token i stands for
// another one of memory, so that a lane's values of a token pair and its neighbour pair are 8 bytes in a row:
//   instruction's 2m, 2m + 1 -> memory's 4m, 4m + 1     instruction's 8 + 2m, 8 + 2m + 1 -> memory's 4m + 2, 4m + 3
//
// A long sequence is cut into pieces, one block of threads each; the last one to finish merges them. Pieces are the larger the
// more rows there are: what is merged has to be written and read. Up to 16 rows how a sequence is cut depends on its own length
// only, so that a row's bits don't depend on the batch.
// 128 threads, 4 blocks on a multiprocessor; in flight: 512 bytes a thread at head size 128.

constexpr int MOST_PIECES = 32;
constexpr int DECODE_WARPS = 4;
constexpr int SHARING_HEADS = 8; // query heads of a key-value head, at the most
constexpr float LOG2_E = 1.44269504f;

// Sums of some tokens' values, weighted by 2^(score - peak), not yet divided by `weight`, their sum.
struct Softmax {
    float peak;
    float weight;
};

__device__ __forceinline__ int blocks_of_piece(int blocks, int least) {
    const int pieces = min(MOST_PIECES, (blocks + least - 1) / least);
    return (blocks + pieces - 1) / pieces;
}

// Keeps of a pair of tokens those before `length`.
__device__ __forceinline__ u32 tokens_before(u32 pair, int token, int length) {
    return token + 1 < length ? pair : token < length ? pair & 0xffffu : 0u;
}

template <int Size>
struct Pieces {
    // partials: (rows, key-value heads, MOST_PIECES, sharing heads, size), then the same without size, of Softmax
    float *values;
    Softmax *softmax;

    __device__ Pieces(float *partials, int rows, int key_value_heads, int row, int head) {
        const long all = static_cast<long>(rows) * key_value_heads * MOST_PIECES * SHARING_HEADS;
        const long first = (static_cast<long>(row) * key_value_heads + head) * MOST_PIECES * SHARING_HEADS;
        values = partials + first * Size;
        softmax = reinterpret_cast<Softmax *>(partials + all * Size) + first;
    }
};

//   qkv: (rows, row width) bf16, of which the queries are read   cache: of one layer   lengths: (rows) tokens that a row sees
//   tables: blocks of sequences, one after the other   table_of: (rows) where in `tables` a row's sequence begins
//   least_blocks: of a piece
//   partials, arrived: working memory; arrived is (rows, key-value heads), zero before and after
//   out: (rows, query heads * size) bf16
// Grid: (pieces at the most, key-value heads, rows).
template <int Size>
__device__ __forceinline__ void decode_attention(const bf16 *qkv, HeadSizes heads, const bf16 *cache, const int *lengths,
                                                 const int *tables, const int *table_of, int least_blocks, float scale,
                                                 float *partials, u32 *arrived, bf16 *out) {
    DYNAMIC_SHARED(float, shared); // (warps, sharing heads, size), then (warps, sharing heads) of Softmax, then a flag
    Softmax *shared_softmax = reinterpret_cast<Softmax *>(shared + DECODE_WARPS * SHARING_HEADS * Size);
    u32 *shared_flag = reinterpret_cast<u32 *>(shared_softmax + DECODE_WARPS * SHARING_HEADS);
    const int row = blockIdx.z;
    const int head = blockIdx.y;
    const int piece = blockIdx.x;
    const int length = load(lengths + row);
    const int blocks = (length + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
    const int each = blocks_of_piece(blocks, least_blocks);
    const int pieces = (blocks + each - 1) / each;
    if (piece >= pieces) {
        return;
    }
    const int sharing = heads.query / heads.key_value;
    const int warp = threadIdx.x / 32;
    const int group = threadIdx.x % 32 / 4;
    const int member = threadIdx.x % 4;
    const int *table = tables + load(table_of + row);

    Bytes16 query[Size / 32];
#pragma unroll
    for (int i = 0; i < Size / 32; i++) {
        if (group < sharing) {
            const bf16 *from = qkv + static_cast<long>(row) * heads.row_width() + (head * sharing + group) * Size;
            query[i] = load(reinterpret_cast<const Bytes16 *>(from + i * 32 + member * 8));
        } else {
            query[i] = Bytes16{{0, 0, 0, 0}};
        }
    }
    float sum[Size / 16][4]; // dimensions group and group + 8, heads 2 * member and the next
#pragma unroll
    for (int i = 0; i < Size / 16; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
            sum[i][j] = 0.f;
        }
    }
    float peak[2] = {-INFINITY, -INFINITY};
    float weight[2] = {0.f, 0.f};
    const int token = group / 2 * 4 + group % 2; // of a block, and the one two behind it
    const int last = min(blocks, (piece + 1) * each);
    int block = piece * each + warp < last ? load(table + piece * each + warp) : 0;
    for (int i = piece * each + warp; i < last; i += DECODE_WARPS) {
        const bf16 *keys = cache + part_of(block, head, heads.key_value, Size);
        block = i + DECODE_WARPS < last ? load(table + i + DECODE_WARPS) : 0; // known when its turn comes
        const bf16 *values = keys + BLOCK_TOKENS * Size;
        Bytes16 key[2][Size / 32];
        Bytes8 value[Size / 8];
#pragma unroll
        for (int j = 0; j < Size / 32; j++) {
            key[0][j] = load_once16(keys + token * Size + j * 32 + member * 8);
            key[1][j] = load_once16(keys + (token + 2) * Size + j * 32 + member * 8);
        }
#pragma unroll
        for (int j = 0; j < Size / 8; j++) {
            value[j] = load_once8(values + (j * 8 + group) * BLOCK_TOKENS + member * 4);
        }
        float score[4] = {0.f, 0.f, 0.f, 0.f}; // token, token + 2; heads 2 * member and the next
#pragma unroll
        for (int j = 0; j < Size / 32; j++) {
#pragma unroll
            for (int half = 0; half < 4; half += 2) {
                const u32 a[4] = {key[0][j].word[half], key[1][j].word[half], key[0][j].word[half + 1],
                                  key[1][j].word[half + 1]};
                const u32 b[2] = {query[j].word[half], query[j].word[half + 1]};
                multiply_add(score, a, b);
            }
        }
        const int first = i * BLOCK_TOKENS;
#pragma unroll
        for (int j = 0; j < 4; j++) {
            score[j] = first + token + j / 2 * 2 < length ? score[j] * scale * LOG2_E : -INFINITY;
        }
#pragma unroll
        for (int j = 0; j < 2; j++) {
            float highest = fmaxf(score[j], score[j + 2]);
#pragma unroll
            for (int mask = 4; mask < 32; mask *= 2) {
                highest = fmaxf(highest, from_lane_xor(highest, mask));
            }
            highest = fmaxf(highest, peak[j]);
            const float shrink = exp2_fast(peak[j] - highest);
            peak[j] = highest;
            score[j] = exp2_fast(score[j] - highest);
            score[j + 2] = exp2_fast(score[j + 2] - highest);
            weight[j] = weight[j] * shrink + score[j] + score[j + 2];
#pragma unroll
            for (int k = 0; k < Size / 16; k++) {
                sum[k][j] *= shrink;
                sum[k][j + 2] *= shrink;
            }
        }
        if (first + BLOCK_TOKENS > length) { // what stands behind the last token may be anything, even not a number
#pragma unroll
            for (int j = 0; j < Size / 8; j++) {
                value[j].word[0] = tokens_before(value[j].word[0], first + member * 4, length);
                value[j].word[1] = tokens_before(value[j].word[1], first + member * 4 + 2, length);
            }
        }
        const u32 weights[2] = {transpose(pack(score[0], score[1])), transpose(pack(score[2], score[3]))};
#pragma unroll
        for (int j = 0; j < Size / 16; j++) {
            const u32 a[4] = {value[2 * j].word[0], value[2 * j + 1].word[0], value[2 * j].word[1],
                              value[2 * j + 1].word[1]};
            multiply_add(sum[j], a, weights);
        }
    }
#pragma unroll
    for (int j = 0; j < 2; j++) {
#pragma unroll
        for (int mask = 4; mask < 32; mask *= 2) {
            weight[j] += from_lane_xor(weight[j], mask);
        }
        float *mine = shared + (warp * SHARING_HEADS + member * 2 + j) * Size;
#pragma unroll
        for (int k = 0; k < Size / 16; k++) {
            mine[k * 16 + group] = sum[k][j];
            mine[k * 16 + group + 8] = sum[k][j + 2];
        }
        if (group == 0) {
            shared_softmax[warp * SHARING_HEADS + member * 2 + j] = Softmax{peak[j], weight[j]};
        }
    }
    sync_block();

    Pieces<Size> all(partials, gridDim.z, heads.key_value, row, head);
    bf16 *answer = out + static_cast<long>(row) * heads.query * Size + head * sharing * Size;
    for (int i = threadIdx.x; i < sharing * Size; i += DECODE_WARPS * 32) {
        const int of_head = i / Size;
        float highest = -INFINITY;
#pragma unroll
        for (int w = 0; w < DECODE_WARPS; w++) {
            highest = fmaxf(highest, shared_softmax[w * SHARING_HEADS + of_head].peak);
        }
        float total = 0.f;
        float divisor = 0.f;
#pragma unroll
        for (int w = 0; w < DECODE_WARPS; w++) {
            const Softmax of_warp = shared_softmax[w * SHARING_HEADS + of_head];
            const float factor = exp2_fast(of_warp.peak - highest);
            total += factor * shared[w * SHARING_HEADS * Size + i];
            divisor += factor * of_warp.weight;
        }
        if (pieces == 1) {
            store(answer + i, to_bf16(total / divisor));
        } else {
            store(all.values + piece * SHARING_HEADS * Size + i, total);
            if (i % Size == 0) {
                store(all.softmax + piece * SHARING_HEADS + of_head, Softmax{highest, divisor});
            }
        }
    }
    if (pieces == 1) {
        return;
    }
    fence_device();
    sync_block();
    u32 *counter = arrived + row * heads.key_value + head;
    if (threadIdx.x == 0) {
        *shared_flag = add_atomically(counter, 1);
    }
    sync_block();
    if (*shared_flag != static_cast<u32>(pieces - 1)) {
        return;
    }
    fence_device();
    if (threadIdx.x == 0) {
        store(counter, 0u);
    }
    // every piece's factor, once: (sharing heads, MOST_PIECES), over what the warps' sums needed no longer
    float *factors = shared;
    for (int i = threadIdx.x; i < SHARING_HEADS * MOST_PIECES; i += DECODE_WARPS * 32) {
        const int of_head = i / MOST_PIECES;
        const int p = i % MOST_PIECES; // the lane
        const bool exists = of_head < sharing && p < pieces;
        const Softmax of_piece = exists ? load(all.softmax + p * SHARING_HEADS + of_head) : Softmax{-INFINITY, 0.f};
        const float highest = warp_max(of_piece.peak);
        const float factor = exists ? exp2_fast(of_piece.peak - highest) : 0.f;
        factors[i] = factor / warp_sum(factor * of_piece.weight);
    }
    sync_block();
    for (int i = threadIdx.x; i < sharing * Size; i += DECODE_WARPS * 32) {
        const float *of_head = factors + i / Size * MOST_PIECES;
        float total = 0.f;
#pragma unroll 8
        for (int p = 0; p < pieces; p++) {
            total += of_head[p] * load(all.values + p * SHARING_HEADS * Size + i);
        }
        store(answer + i, to_bf16(total));
    }
}

#define DECODE_ATTENTION(Size)                                                                                         \
    extern "C" __global__ void __launch_bounds__(128, 4)                                                               \
        decode_attention_##Size(const bf16 *qkv, HeadSizes heads, const bf16 *cache, const int *lengths,               \
                                const int *tables, const int *table_of, int least_blocks, float scale,                 \
                                float *partials, u32 *arrived, bf16 *out) {                                            \
        decode_attention<Size>(qkv, heads, cache, lengths, tables, table_of, least_blocks, scale, partials, arrived,   \
                               out);                                                                                   \
    }                                                                                                                  \
    KERNEL(decode_attention_##Size)
DECODE_ATTENTION(32)
DECODE_ATTENTION(64)
DECODE_ATTENTION(128)
