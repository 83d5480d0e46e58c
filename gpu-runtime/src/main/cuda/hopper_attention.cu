// Attention of a prompt's rows over cached tokens on Hopper: as attention.cu, with the matrix instructions of four warps at
// once (wgmma), which read keys and values from shared memory themselves. Head size 128; compiled for sm_90a only:
// `paged_attention_128` computes the same elsewhere.
//
// Such an instruction takes 64 rows, which on the diagonal see half of its 64 tokens. There each warp multiplies for itself
// (mma), 16 rows by the tokens that these see.
//
// 256 threads: two warpgroups with 64 rows each share tiles of 64 keys and values; while one computes its softmax the other
// multiplies. Three tiles are in shared memory, two of them on their way. One block on a multiprocessor: 128 KB.
//
// Tiles lie as the instruction wants them: rows of 128 bytes, of which the 16-byte parts are exchanged by the row's number
// modulo 8. Keys and queries, (64, 128), are two such tiles side by side; values, (128, 64), are one.
#if defined(__CUDA_ARCH_FEAT_SM90_ALL) || defined(CUDA_EMULATOR)

constexpr int HOPPER_SIZE = 128;
constexpr int HOPPER_ROWS = 64;                    // of a warpgroup
constexpr int HOPPER_STAGES = 3;
constexpr int HOPPER_TILE = TILE * HOPPER_SIZE;    // values of 64 keys, or as many values, or queries

// Keys, queries: part 0 to 15 of a row of 128 values.
__device__ __forceinline__ int swizzled_wide(int row, int part) {
    return part / 8 * (HOPPER_TILE / 2) + swizzled(row, part % 8);
}

struct HopperTiles {
    bf16 *shared;

    __device__ __forceinline__ bf16 *queries(int warpgroup) const {
        return shared + warpgroup * HOPPER_TILE;
    }

    __device__ __forceinline__ bf16 *keys(int round) const {
        return shared + (2 + round % HOPPER_STAGES * 2) * HOPPER_TILE;
    }

    __device__ __forceinline__ bf16 *values(int round) const {
        return keys(round) + HOPPER_TILE;
    }
};

// Asks for the 64 tokens of a round: four blocks, of which a thread takes one part of the keys and one of the values each.
__device__ __forceinline__ void fetch(const bf16 *cache, const int *table, int head, int heads, int round, int end,
                                      const HopperTiles &tiles) {
    bf16 *keys = tiles.keys(round);
    bf16 *values = tiles.values(round);
    const int thread = threadIdx.x;
    const int left = end - round * TILE; // tokens that exist
#pragma unroll
    for (int i = 0; i < TILE / BLOCK_TOKENS; i++) {
        const bool block_exists = i * BLOCK_TOKENS < left;
        const int block = block_exists ? load(table + round * (TILE / BLOCK_TOKENS) + i) : 0;
        const bf16 *part = cache + part_of(block, head, heads, HOPPER_SIZE);
        const int token = i * BLOCK_TOKENS + thread / 16;
        copy_async16(keys + swizzled_wide(token, thread % 16), part + thread * 8, token < left);
        const int first = i * BLOCK_TOKENS + thread % 2 * 8;
        copy_async16(values + swizzled(thread / 2, first / 8), part + BLOCK_TOKENS * HOPPER_SIZE + thread * 8,
                     first < left);
    }
}

__device__ __forceinline__ float (&four(float *first))[4] {
    return reinterpret_cast<float (&)[4]>(*first);
}

// On the diagonal: scores as multiply_keys gives them, of a warp's 16 rows and of `tokens` of the tile's, up to the next 16.
__device__ __forceinline__ void multiply_keys_alone(float (&score)[32], const bf16 *queries, const bf16 *keys, int tokens) {
    const int lane = threadIdx.x % 32;
    const int first_row = threadIdx.x % 128 / 32 * 16;
#pragma unroll
    for (int i = 0; i < 32; i++) {
        score[i] = 0.f;
    }
#pragma unroll
    for (int i = 0; i < HOPPER_SIZE / 16; i++) {
        u32 query[4];
        load_matrices(query, queries + swizzled_wide(first_row + lane % 16, i * 2 + lane / 16));
#pragma unroll
        for (int j = 0; j < TILE / 8; j += 2) { // two times eight tokens
            if (j * 8 >= tokens) {
                break;
            }
            u32 both[4];
            load_matrices(both, keys + swizzled_wide(j * 8 + lane / 16 * 8 + lane % 8, i * 2 + lane / 8 % 2));
            const u32 first[2] = {both[0], both[1]};
            const u32 second[2] = {both[2], both[3]};
            multiply_add(four(score + 4 * j), query, first);
            multiply_add(four(score + 4 * j + 4), query, second);
        }
    }
}

// sums (16 rows x 128) += weights (16 x 16, of a warp) * values of 16 tokens
__device__ __forceinline__ void multiply_values_alone(float (&sum)[64], const u32 (&weights)[4], const bf16 *values, int i) {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int j = 0; j < HOPPER_SIZE / 8; j += 2) { // two times eight dimensions
        u32 both[4];
        load_matrices(both, values + swizzled(j * 8 + lane / 16 * 8 + lane % 8, i * 2 + lane / 8 % 2));
        const u32 left[2] = {both[0], both[1]};
        const u32 right[2] = {both[2], both[3]};
        multiply_add(four(sum + 4 * j), weights, left);
        multiply_add(four(sum + 4 * j + 4), weights, right);
    }
}

//   as paged_attention, tiles of up to 128 rows. Grid: (query heads, tiles).
__device__ __forceinline__ void hopper_attention(const bf16 *qkv, HeadSizes heads, const bf16 *cache, const int *tables,
                                                 const AttentionTile &tile, float scale, bf16 *out) {
    DYNAMIC_SHARED(bf16, shared_bf16);
    const u32 misaligned = shared_address(shared_bf16) % 1024; // the swizzle counts rows by address
    const HopperTiles tiles{shared_bf16 + (misaligned == 0 ? 0 : (1024 - misaligned) / 2)};
    const int query_head = blockIdx.x;
    const int head = query_head / (heads.query / heads.key_value);
    const int warpgroup = threadIdx.x / 128;
    const int lane = threadIdx.x % 32;
    const int group = lane / 4;
    const int member = lane % 4;
    const int *table = tables + tile.from;
    const int end = tile.count + tile.rows - 1; // tokens that the last row sees
    const int rounds = (end + TILE - 1) / TILE;
    const int first_row = warpgroup * HOPPER_ROWS;
    const int seen = tile.count + first_row; // by the warpgroup's first row
    const int own_end = first_row < tile.rows ? min(end, seen + HOPPER_ROWS - 1) : 0;

    for (int i = threadIdx.x; i < 2 * HOPPER_ROWS * 16; i += 256) {
        const int row = i / 16;
        const bool exists = row < tile.rows;
        const bf16 *from =
            qkv + static_cast<long>(tile.row + (exists ? row : 0)) * heads.row_width() + query_head * HOPPER_SIZE;
        copy_async16(tiles.queries(row / HOPPER_ROWS) + swizzled_wide(row % HOPPER_ROWS, i % 16), from + i % 16 * 8,
                     exists);
    }
    fetch(cache, table, head, heads.key_value, 0, end, tiles);
    copy_commit();
    if (rounds > 1) {
        fetch(cache, table, head, heads.key_value, 1, end, tiles);
    }
    copy_commit();

    float sum[64];
#pragma unroll
    for (int i = 0; i < 64; i++) {
        sum[i] = 0.f;
    }
    float peak[2] = {-INFINITY, -INFINITY};
    float weight[2] = {0.f, 0.f};
    const int warp_row = threadIdx.x / 32 * 16;
    const int own = warp_row % HOPPER_ROWS + group; // the lane's first row in the warpgroup
    for (int round = 0; round < rounds; round++) {
        copy_wait<1>();
        const int left = end - round * TILE;
        if (left < TILE) {
            sync_block();
            for (int i = threadIdx.x; i < HOPPER_SIZE * TILE; i += 256) {
                if (i % TILE >= left) { // what stands behind the last token may be anything, even not a number
                    tiles.values(round)[swizzled(i / TILE, i % TILE / 8) + i % 8] = 0;
                }
            }
        }
        show_to_warpgroups();
        sync_block();
        if (round + 2 < rounds) {
            fetch(cache, table, head, heads.key_value, round + 2, end, tiles);
        }
        copy_commit();
        if (round * TILE >= own_end) {
            continue;
        }

        const int first = round * TILE;
        const bool diagonal = first + TILE > seen;
        const int tokens = min(end, warp_row < tile.rows ? tile.count + warp_row + 15 : 0) - first; // that the warp sees
        float score[32];
        if (diagonal) {
            multiply_keys_alone(score, tiles.queries(warpgroup), tiles.keys(round), tokens);
        } else {
            warpgroup_begin();
#pragma unroll
            for (int i = 0; i < HOPPER_SIZE / 16; i++) {
                const int at = i / 4 * (HOPPER_TILE / 2) + i % 4 * 16;
                multiply_keys(score, descriptor(tiles.queries(warpgroup) + at), descriptor(tiles.keys(round) + at),
                              i > 0);
            }
            warpgroup_finish();
        }
        if (diagonal) {
#pragma unroll
            for (int i = 0; i < 32; i++) {
                const int token = first + i / 4 * 8 + member * 2 + i % 2;
                const int limit = min(end, seen + own + i % 4 / 2 * 8);
                score[i] = token < limit ? score[i] : -INFINITY;
            }
        }
#pragma unroll
        for (int j = 0; j < 2; j++) { // the lane's two rows
            float highest = peak[j];
#pragma unroll
            for (int i = 0; i < 8; i++) {
                highest = fmaxf(highest, fmaxf(score[4 * i + 2 * j], score[4 * i + 2 * j + 1]));
            }
            highest = fmaxf(highest, from_lane_xor(highest, 1));
            highest = fmaxf(highest, from_lane_xor(highest, 2));
            const float shrink = exp2_fast((peak[j] - highest) * scale * LOG2_E);
            const float shift = highest * scale * LOG2_E;
            peak[j] = highest;
            weight[j] *= shrink;
#pragma unroll
            for (int i = 0; i < 8; i++) {
#pragma unroll
                for (int k = 4 * i + 2 * j; k < 4 * i + 2 * j + 2; k++) {
                    score[k] = exp2_fast(score[k] * (scale * LOG2_E) - shift);
                    weight[j] += score[k];
                }
            }
#pragma unroll
            for (int i = 0; i < 16; i++) {
                sum[4 * i + 2 * j] *= shrink;
                sum[4 * i + 2 * j + 1] *= shrink;
            }
        }
        if (!diagonal) {
            warpgroup_begin();
        }
#pragma unroll
        for (int i = 0; i < TILE / 16; i++) {
            const u32 weights[4] = {pack(score[8 * i], score[8 * i + 1]), pack(score[8 * i + 2], score[8 * i + 3]),
                                    pack(score[8 * i + 4], score[8 * i + 5]), pack(score[8 * i + 6], score[8 * i + 7])};
            if (!diagonal) {
                multiply_values(sum, weights, descriptor(tiles.values(round) + i * 16));
            } else if (i * 16 < tokens) {
                multiply_values_alone(sum, weights, tiles.values(round), i);
            }
        }
        if (!diagonal) {
            warpgroup_finish();
        }
    }

#pragma unroll
    for (int j = 0; j < 2; j++) {
        weight[j] += from_lane_xor(weight[j], 1);
        weight[j] += from_lane_xor(weight[j], 2);
        const int row = first_row + own + j * 8;
        if (row < tile.rows) {
            bf16 *to = out + static_cast<long>(tile.row + row) * heads.query * HOPPER_SIZE + query_head * HOPPER_SIZE;
#pragma unroll
            for (int i = 0; i < 16; i++) {
                store(reinterpret_cast<u32 *>(to + i * 8 + member * 2),
                      pack(sum[4 * i + 2 * j] / weight[j], sum[4 * i + 2 * j + 1] / weight[j]));
            }
        }
    }
}

#endif

extern "C" __global__ void __launch_bounds__(256, 1)
    hopper_attention_128(const bf16 *qkv, HeadSizes heads, const bf16 *cache, const int *tables,
                         const AttentionTile *tiles, float scale, bf16 *out) {
#if defined(__CUDA_ARCH_FEAT_SM90_ALL) || defined(CUDA_EMULATOR)
    hopper_attention(qkv, heads, cache, tables, load(tiles + blockIdx.y), scale, out);
#endif
}
KERNEL(hopper_attention_128)
