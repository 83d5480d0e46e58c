// Attention of a prompt's rows over cached tokens on Hopper: as attention.cu, with the matrix instructions of four warps at
// once (wgmma), which read keys and values from shared memory themselves. Head size 128; compiled for sm_90a only, and not
// part of the emulator's library: `paged_attention_128` computes the same elsewhere.
//
// 256 threads: two warpgroups with 64 rows each share tiles of 64 keys and values; while one computes its softmax the other
// multiplies. Three tiles are in shared memory, two of them on their way. One block on a multiprocessor: 128 KB.
//
// Tiles lie as the instruction wants them: rows of 128 bytes, of which the 16-byte parts are exchanged by the row's number
// modulo 8. Keys and queries, (64, 128), are two such tiles side by side; values, (128, 64), are one.
#if !defined(CUDA_EMULATOR)

#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

constexpr int HOPPER_SIZE = 128;
constexpr int HOPPER_ROWS = 64;                    // of a warpgroup
constexpr int HOPPER_STAGES = 3;
constexpr int HOPPER_TILE = TILE * HOPPER_SIZE;    // values of 64 keys, or as many values, or queries

// Keys, queries: part 0 to 15 of a row of 128 values.
__device__ __forceinline__ int swizzled_wide(int row, int part) {
    return part / 8 * (HOPPER_TILE / 2) + swizzled(row, part % 8);
}

// Describes a tile to the instruction: eight rows of 128 bytes are 1024 bytes apart from the next eight.
__device__ __forceinline__ u64 descriptor(const bf16 *tile) {
    const u64 address = __cvta_generic_to_shared(tile);
    return (address & 0x3ffff) >> 4 | 1ull << 16 | static_cast<u64>(1024 >> 4) << 32 | 1ull << 62;
}

__device__ __forceinline__ void warpgroup_begin() {
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

__device__ __forceinline__ void warpgroup_finish() {
    asm volatile("wgmma.commit_group.sync.aligned;\n\twgmma.wait_group.sync.aligned 0;" ::: "memory");
}

// What ordinary stores and copies wrote to shared memory is seen by the instructions that read it themselves.
__device__ __forceinline__ void show_to_warpgroups() {
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

// scores (64 rows x 64 tokens) = or += queries (64 x 16) * keys (64 x 16)^T; a lane's values lie as after multiply_add
__device__ __forceinline__ void multiply_keys(float (&d)[32], u64 queries, u64 keys, bool add) {
    asm volatile("{\n\t"
                 ".reg .pred p;\n\t"
                 "setp.ne.b32 p, %34, 0;\n\t"
                 "wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16 "
                 "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
                 "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31}, %32, %33, p, 1, 1, 0, 0;\n\t"
                 "}"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]),
                   "+f"(d[4]), "+f"(d[5]), "+f"(d[6]), "+f"(d[7]),
                   "+f"(d[8]), "+f"(d[9]), "+f"(d[10]), "+f"(d[11]),
                   "+f"(d[12]), "+f"(d[13]), "+f"(d[14]), "+f"(d[15]),
                   "+f"(d[16]), "+f"(d[17]), "+f"(d[18]), "+f"(d[19]),
                   "+f"(d[20]), "+f"(d[21]), "+f"(d[22]), "+f"(d[23]),
                   "+f"(d[24]), "+f"(d[25]), "+f"(d[26]), "+f"(d[27]),
                   "+f"(d[28]), "+f"(d[29]), "+f"(d[30]), "+f"(d[31])
                 : "l"(queries), "l"(keys), "r"(static_cast<int>(add)));
}

// sums (64 rows x 128) += weights (64 x 16, in registers as multiply_add's a) * values (128 x 16)^T
__device__ __forceinline__ void multiply_values(float (&d)[64], const u32 (&a)[4], u64 values) {
    asm volatile("wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 "
                 "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
                 "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
                 "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
                 "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}, {%64, %65, %66, %67}, %68, 1, 1, 1, 0;"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]),
                   "+f"(d[4]), "+f"(d[5]), "+f"(d[6]), "+f"(d[7]),
                   "+f"(d[8]), "+f"(d[9]), "+f"(d[10]), "+f"(d[11]),
                   "+f"(d[12]), "+f"(d[13]), "+f"(d[14]), "+f"(d[15]),
                   "+f"(d[16]), "+f"(d[17]), "+f"(d[18]), "+f"(d[19]),
                   "+f"(d[20]), "+f"(d[21]), "+f"(d[22]), "+f"(d[23]),
                   "+f"(d[24]), "+f"(d[25]), "+f"(d[26]), "+f"(d[27]),
                   "+f"(d[28]), "+f"(d[29]), "+f"(d[30]), "+f"(d[31]),
                   "+f"(d[32]), "+f"(d[33]), "+f"(d[34]), "+f"(d[35]),
                   "+f"(d[36]), "+f"(d[37]), "+f"(d[38]), "+f"(d[39]),
                   "+f"(d[40]), "+f"(d[41]), "+f"(d[42]), "+f"(d[43]),
                   "+f"(d[44]), "+f"(d[45]), "+f"(d[46]), "+f"(d[47]),
                   "+f"(d[48]), "+f"(d[49]), "+f"(d[50]), "+f"(d[51]),
                   "+f"(d[52]), "+f"(d[53]), "+f"(d[54]), "+f"(d[55]),
                   "+f"(d[56]), "+f"(d[57]), "+f"(d[58]), "+f"(d[59]),
                   "+f"(d[60]), "+f"(d[61]), "+f"(d[62]), "+f"(d[63])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(values));
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

//   as paged_attention, tiles of up to 128 rows. Grid: (query heads, tiles).
__device__ __forceinline__ void hopper_attention(const bf16 *qkv, HeadSizes heads, const bf16 *cache, const int *tables,
                                                 const AttentionTile &tile, float scale, bf16 *out) {
    DYNAMIC_SHARED(bf16, shared_bf16);
    // the swizzle counts rows by address
    const u32 misaligned = static_cast<u32>(__cvta_generic_to_shared(shared_bf16)) % 1024;
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
    const int own = threadIdx.x % 128 / 32 * 16 + group; // the lane's first row in the warpgroup
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

        float score[32];
        warpgroup_begin();
#pragma unroll
        for (int i = 0; i < HOPPER_SIZE / 16; i++) {
            const int at = i / 4 * (HOPPER_TILE / 2) + i % 4 * 16;
            multiply_keys(score, descriptor(tiles.queries(warpgroup) + at), descriptor(tiles.keys(round) + at), i > 0);
        }
        warpgroup_finish();

        const int first = round * TILE;
        if (first + TILE > seen) {
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
        warpgroup_begin();
#pragma unroll
        for (int i = 0; i < TILE / 16; i++) {
            const u32 weights[4] = {pack(score[8 * i], score[8 * i + 1]), pack(score[8 * i + 2], score[8 * i + 3]),
                                    pack(score[8 * i + 4], score[8 * i + 5]), pack(score[8 * i + 6], score[8 * i + 7])};
            multiply_values(sum, weights, descriptor(tiles.values(round) + i * 16));
        }
        warpgroup_finish();
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
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)
    hopper_attention(qkv, heads, cache, tables, load(tiles + blockIdx.y), scale, out);
#endif
}

#endif
