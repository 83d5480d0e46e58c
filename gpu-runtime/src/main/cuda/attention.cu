// Attention of many rows at once: of a prompt's rows over their sequence's cached tokens, and of patches over the rows of
// their segment. Bound by arithmetic: a tile of 64 rows of one head stays in registers while tiles of 64 keys and values pass
// through shared memory, the next one on its way while one is used (FlashAttention-2, arXiv 2307.08691).
//
// Rows in shared memory are padded to an odd number of 16 bytes, so that eight of them fall into different banks.
// 128 threads, 16 rows a warp; two blocks fit on a multiprocessor at head size 128 where it has 177 KB of shared memory.

constexpr int TILE = 64;
constexpr int PADDING = 8;
constexpr int ATTENTION_WARPS = 4;

// The rows of a tile and what they attend to; made by the host.
struct AttentionTile {
    int row;   // first of the tile
    int rows;  // 1 to 64
    int from;  // paged: where in `tables` the sequence's blocks begin; segments: first row of the segment
    int count; // paged: tokens that the first row sees, the next one sees one more; segments: rows of the segment
};

// Keys and values of a sequence in the cache.
template <int Size>
struct PagedSource {
    static constexpr bool VALUES_TRANSPOSED = true;
    static constexpr bool CAUSAL = true;
    const bf16 *cache;
    const int *tables;
    HeadSizes heads;
    int head;

    // Asks for 64 tokens from `first` on, of which those before `end` exist.
    __device__ __forceinline__ void fetch(const AttentionTile &tile, int first, int end, bf16 *keys, bf16 *values) const {
        constexpr int PARTS = 2 * Size; // 16 bytes each, of a block's keys, and of its values
        const int left = end - first;
#pragma unroll
        for (int i = 0; i < TILE / BLOCK_TOKENS; i++) {
            const bool exists = i * BLOCK_TOKENS < left;
            const int block = exists ? load(tables + tile.from + first / BLOCK_TOKENS + i) : 0;
            const bf16 *part = cache + part_of(block, head, heads.key_value, Size);
            for (int j = threadIdx.x; j < PARTS; j += ATTENTION_WARPS * 32) {
                const int token = i * BLOCK_TOKENS + j / (Size / 8);
                copy_async16(keys + token * (Size + PADDING) + j % (Size / 8) * 8, part + j * 8, token < left);
                const int at = i * BLOCK_TOKENS + j % 2 * 8; // first of eight tokens
                copy_async16(values + j / 2 * (TILE + PADDING) + at, part + BLOCK_TOKENS * Size + j * 8, at < left);
            }
        }
    }

    // What stands behind the last token may be anything, even not a number: its weight of zero would not remove it.
    __device__ __forceinline__ void clear_behind(int tokens, bf16 *values) const {
        for (int i = threadIdx.x; i < Size * TILE; i += ATTENTION_WARPS * 32) {
            if (i % TILE >= tokens) {
                values[i / TILE * (TILE + PADDING) + i % TILE] = 0;
            }
        }
    }
};

// Keys and values of the rows themselves.
template <int Size>
struct SegmentSource {
    static constexpr bool VALUES_TRANSPOSED = false;
    static constexpr bool CAUSAL = false;
    const bf16 *qkv;
    HeadSizes heads;
    int head;

    __device__ __forceinline__ void fetch(const AttentionTile &tile, int first, int end, bf16 *keys, bf16 *values) const {
        constexpr int PARTS = Size / 8;
        for (int i = threadIdx.x; i < TILE * PARTS; i += ATTENTION_WARPS * 32) {
            const int token = i / PARTS;
            const bool exists = first + token < end;
            const long row = exists ? tile.from + first + token : tile.from;
            const bf16 *key = qkv + row * heads.row_width() + (heads.query + head) * Size + i % PARTS * 8;
            const int at = token * (Size + PADDING) + i % PARTS * 8;
            copy_async16(keys + at, key, exists);
            copy_async16(values + at, key + heads.key_value * Size, exists);
        }
    }

    __device__ __forceinline__ void clear_behind(int, bf16 *) const {}
};

template <int Size, class Source>
__device__ __forceinline__ void attention(const bf16 *qkv, HeadSizes heads, int query_head, const AttentionTile &tile,
                                          const Source &source, float scale, bf16 *out) {
    DYNAMIC_SHARED(bf16, shared); // queries, then twice keys and values
    constexpr int KEYS = TILE * (Size + PADDING);
    constexpr int VALUES = Source::VALUES_TRANSPOSED ? Size * (TILE + PADDING) : KEYS;
    bf16 *queries = shared;
    bf16 *tiles = queries + KEYS;
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    const int group = lane / 4;
    const int member = lane % 4;
    const int end = Source::CAUSAL ? tile.count + tile.rows - 1 : tile.count; // tokens that the last row sees

    for (int i = threadIdx.x; i < TILE * Size / 8; i += ATTENTION_WARPS * 32) {
        const int row = i / (Size / 8);
        const bool exists = row < tile.rows;
        const bf16 *from =
            qkv + static_cast<long>(tile.row + (exists ? row : 0)) * heads.row_width() + query_head * Size;
        copy_async16(queries + row * (Size + PADDING) + i % (Size / 8) * 8, from + i % (Size / 8) * 8, exists);
    }
    source.fetch(tile, 0, end, tiles, tiles + KEYS);
    copy_commit();

    u32 query[Size / 16][4];
    float sum[Size / 8][4]; // rows group and group + 8; dimensions 2 * member and the next
#pragma unroll
    for (int i = 0; i < Size / 8; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
            sum[i][j] = 0.f;
        }
    }
    float peak[2] = {-INFINITY, -INFINITY};
    float weight[2] = {0.f, 0.f};
    const int own = warp * 16 + group; // the lane's first row in the tile
    const int rounds = (end + TILE - 1) / TILE;
    for (int round = 0; round < rounds; round++) {
        bf16 *keys = tiles + round % 2 * (KEYS + VALUES);
        bf16 *values = keys + KEYS;
        if (round + 1 < rounds) {
            bf16 *next = tiles + (round + 1) % 2 * (KEYS + VALUES);
            source.fetch(tile, (round + 1) * TILE, end, next, next + KEYS);
            copy_commit();
            copy_wait<1>();
        } else {
            copy_wait<0>();
        }
        sync_block();
        if (Source::VALUES_TRANSPOSED && (round + 1) * TILE > end) {
            source.clear_behind(end - round * TILE, values);
            sync_block();
        }
        if (round == 0) {
#pragma unroll
            for (int i = 0; i < Size / 16; i++) {
                load_matrices(query[i], queries + (warp * 16 + lane % 16) * (Size + PADDING) + i * 16 + lane / 16 * 8);
            }
        }

        // Of the tile's tokens those that a row of the warp sees, up to the next 16: on the diagonal that is half of them.
        const int seen_by_warp =
            warp * 16 >= tile.rows ? 0 : Source::CAUSAL ? min(end, tile.count + warp * 16 + 15) : tile.count;
        const int tokens = seen_by_warp - round * TILE;
        float score[TILE / 8][4];
#pragma unroll
        for (int i = 0; i < TILE / 8; i++) {
#pragma unroll
            for (int j = 0; j < 4; j++) {
                score[i][j] = 0.f;
            }
        }
#pragma unroll
        for (int i = 0; i < Size / 16; i++) {
#pragma unroll
            for (int j = 0; j < TILE / 8; j += 2) { // two times eight tokens
                if (j * 8 >= tokens) {
                    break;
                }
                u32 both[4];
                const int token = j * 8 + lane / 16 * 8 + lane % 8;
                load_matrices(both, keys + token * (Size + PADDING) + i * 16 + lane / 8 % 2 * 8);
                const u32 first[2] = {both[0], both[1]};
                const u32 second[2] = {both[2], both[3]};
                multiply_add(score[j], query[i], first);
                multiply_add(score[j + 1], query[i], second);
            }
        }

        const int first = round * TILE;
        const int seen = tile.count; // by the tile's first row
        if (first + TILE > seen || tokens < TILE) {
#pragma unroll
            for (int i = 0; i < TILE / 8; i++) {
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    const int token = first + i * 8 + member * 2 + j % 2;
                    const int limit = Source::CAUSAL ? seen + own + j / 2 * 8 : seen;
                    score[i][j] = token < limit && token < end ? score[i][j] : -INFINITY;
                }
            }
        }
#pragma unroll
        for (int j = 0; j < 2; j++) { // the lane's two rows
            float highest = peak[j];
#pragma unroll
            for (int i = 0; i < TILE / 8; i++) {
                highest = fmaxf(highest, fmaxf(score[i][2 * j], score[i][2 * j + 1]));
            }
            highest = fmaxf(highest, from_lane_xor(highest, 1));
            highest = fmaxf(highest, from_lane_xor(highest, 2));
            const float shrink = exp2_fast((peak[j] - highest) * scale * LOG2_E);
            const float shift = highest * scale * LOG2_E;
            peak[j] = highest;
            weight[j] *= shrink;
#pragma unroll
            for (int i = 0; i < TILE / 8; i++) {
#pragma unroll
                for (int k = 2 * j; k < 2 * j + 2; k++) {
                    score[i][k] = exp2_fast(score[i][k] * (scale * LOG2_E) - shift);
                    weight[j] += score[i][k];
                }
            }
#pragma unroll
            for (int i = 0; i < Size / 8; i++) {
                sum[i][2 * j] *= shrink;
                sum[i][2 * j + 1] *= shrink;
            }
        }

#pragma unroll
        for (int i = 0; i < TILE / 16; i++) {
            if (i * 16 >= tokens) {
                break;
            }
            const u32 weights[4] = {
                pack(score[2 * i][0], score[2 * i][1]), pack(score[2 * i][2], score[2 * i][3]),
                pack(score[2 * i + 1][0], score[2 * i + 1][1]), pack(score[2 * i + 1][2], score[2 * i + 1][3])};
#pragma unroll
            for (int j = 0; j < Size / 8; j += 2) { // two times eight dimensions
                u32 both[4];
                if (Source::VALUES_TRANSPOSED) {
                    const int dimension = j * 8 + lane / 16 * 8 + lane % 8;
                    load_matrices(both, values + dimension * (TILE + PADDING) + i * 16 + lane / 8 % 2 * 8);
                } else {
                    const int token = i * 16 + lane % 16;
                    load_matrices_transposed(both, values + token * (Size + PADDING) + j * 8 + lane / 16 * 8);
                }
                const u32 left[2] = {both[0], both[1]};
                const u32 right[2] = {both[2], both[3]};
                multiply_add(sum[j], weights, left);
                multiply_add(sum[j + 1], weights, right);
            }
        }
        sync_block(); // before the next round's copies land where this one read
    }

#pragma unroll
    for (int j = 0; j < 2; j++) {
        weight[j] += from_lane_xor(weight[j], 1);
        weight[j] += from_lane_xor(weight[j], 2);
        const int row = own + j * 8;
        if (row < tile.rows) {
            bf16 *to = out + static_cast<long>(tile.row + row) * heads.query * Size + query_head * Size;
#pragma unroll
            for (int i = 0; i < Size / 8; i++) {
                store(reinterpret_cast<u32 *>(to + i * 8 + member * 2),
                      pack(sum[i][2 * j] / weight[j], sum[i][2 * j + 1] / weight[j]));
            }
        }
    }
}

//   qkv: (rows, row width) bf16   cache: of one layer   out: (rows, query heads * size) bf16
// Grid: (query heads, tiles). A long prompt's last tiles see the most; they are given first.
#define PAGED_ATTENTION(Size)                                                                                          \
    extern "C" __global__ void __launch_bounds__(128, 2)                                                                 \
        paged_attention_##Size(const bf16 *qkv, HeadSizes heads, const bf16 *cache, const int *tables,                 \
                               const AttentionTile *tiles, float scale, bf16 *out) {                                   \
        const int head = blockIdx.x;                                                                                   \
        const PagedSource<Size> source{cache, tables, heads, head / (heads.query / heads.key_value)};                  \
        attention<Size>(qkv, heads, head, load(tiles + blockIdx.y), source, scale, out);                               \
    }                                                                                                                  \
    KERNEL(paged_attention_##Size)
PAGED_ATTENTION(32)
PAGED_ATTENTION(64)
PAGED_ATTENTION(128)

// The same for patches; head size 80 is the vision tower's.
#define SEGMENT_ATTENTION(Size)                                                                                        \
    extern "C" __global__ void __launch_bounds__(128)                                                                  \
        segment_attention_##Size(const bf16 *qkv, HeadSizes heads, const AttentionTile *tiles, float scale,            \
                                 bf16 *out) {                                                                          \
        const int head = blockIdx.x;                                                                                   \
        const SegmentSource<Size> source{qkv, heads, head / (heads.query / heads.key_value)};                          \
        attention<Size>(qkv, heads, head, load(tiles + blockIdx.y), source, scale, out);                               \
    }                                                                                                                  \
    KERNEL(segment_attention_##Size)
SEGMENT_ATTENTION(16)
SEGMENT_ATTENTION(32)
SEGMENT_ATTENTION(64)
SEGMENT_ATTENTION(80)
SEGMENT_ATTENTION(128)
