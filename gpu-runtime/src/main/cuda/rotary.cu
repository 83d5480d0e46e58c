// Rotary positions: value j of a head pairs with value j + size / 2. cos_sin is (rows, size): a row's size / 2 cosines, then
// its sines.

// Rotates queries and keys in place. qkv: (rows, row width) bf16. One block a row.
extern "C" __global__ void __launch_bounds__(256) rotate(bf16 *qkv, HeadSizes heads, const float *cos_sin) {
    const int half = heads.size / 2;
    bf16 *row = qkv + static_cast<long>(blockIdx.x) * heads.row_width();
    const float *angles = cos_sin + static_cast<long>(blockIdx.x) * heads.size;
    for (int i = threadIdx.x; i < (heads.query + heads.key_value) * half; i += 256) {
        const int j = i % half;
        bf16 *low = row + i / half * heads.size + j;
        const float a = to_float(load(low));
        const float b = to_float(load(low + half));
        const float cosine = load(angles + j);
        const float sine = load(angles + half + j);
        store(low, to_bf16(a * cosine - b * sine));
        store(low + half, to_bf16(b * cosine + a * sine));
    }
}
KERNEL(rotate)

// Adds the bias, rotates queries in place, and writes rotated keys and values to the cache.
//   qkv: (rows, row width) bf16   bias: (row width) float32 or none   cache: of one layer   slots: (rows)
// One block a row. Bytes: the queries twice, keys and values once each way.
extern "C" __global__ void __launch_bounds__(256)
    rotate_and_cache(bf16 *qkv, const float *bias, HeadSizes heads, const float *cos_sin, bf16 *cache,
                     const int *slots) {
    const int half = heads.size / 2;
    bf16 *row = qkv + static_cast<long>(blockIdx.x) * heads.row_width();
    const float *angles = cos_sin + static_cast<long>(blockIdx.x) * heads.size;
    const int slot = load(slots + blockIdx.x);
    for (int i = threadIdx.x; i < (heads.query + 2 * heads.key_value) * half; i += 256) {
        const int head = i / half;
        const int j = i % half;
        const int low = head * heads.size + j;
        float a = to_float(load(row + low));
        float b = to_float(load(row + low + half));
        if (bias != nullptr) {
            a += load(bias + low);
            b += load(bias + low + half);
        }
        const int key_head = head - heads.query;
        if (key_head >= heads.key_value) {
            bf16 *part = cache + part_of(slot / BLOCK_TOKENS, key_head - heads.key_value, heads.key_value, heads.size);
            put_value(part, slot % BLOCK_TOKENS, heads.size, j, a);
            put_value(part, slot % BLOCK_TOKENS, heads.size, j + half, b);
            continue;
        }
        const float cosine = load(angles + j);
        const float sine = load(angles + half + j);
        const float first = a * cosine - b * sine;
        const float second = b * cosine + a * sine;
        if (key_head < 0) {
            store(row + low, to_bf16(first));
            store(row + low + half, to_bf16(second));
        } else {
            bf16 *part = cache + part_of(slot / BLOCK_TOKENS, key_head, heads.key_value, heads.size);
            put_key(part, slot % BLOCK_TOKENS, heads.size, j, first);
            put_key(part, slot % BLOCK_TOKENS, heads.size, j + half, second);
        }
    }
}
KERNEL(rotate_and_cache)

// Copies one block's keys and values of every layer to another block. Grid: layers.
//   layer_values: bf16 values of one layer's cache   block_values: of one block, a multiple of 8
extern "C" __global__ void __launch_bounds__(256)
    copy_block(bf16 *cache, long layer_values, int block_values, int source, int target) {
    bf16 *layer = cache + blockIdx.x * layer_values;
    const Bytes16 *from = reinterpret_cast<const Bytes16 *>(layer + static_cast<long>(source) * block_values);
    Bytes16 *to = reinterpret_cast<Bytes16 *>(layer + static_cast<long>(target) * block_values);
    for (int i = threadIdx.x; i < block_values / 8; i += 256) {
        store(to + i, load(from + i));
    }
}
KERNEL(copy_block)
