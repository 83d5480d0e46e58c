// The key-value cache: (layers, blocks, heads, part). A part holds 16 tokens of one head: their keys, (16, size), then their
// values transposed, (size, 16), so that both are read as operands of a matrix instruction as they lie.
#pragma once

constexpr int BLOCK_TOKENS = 16;

struct HeadSizes {
    int query;     // heads
    int key_value; // heads
    int size;      // values of one

    __device__ __forceinline__ int row_width() const {
        return (query + 2 * key_value) * size;
    }
};

// Where the part of a block and head begins, of one layer's cache.
__device__ __forceinline__ long part_of(int block, int head, int heads, int size) {
    return (static_cast<long>(block) * heads + head) * (2 * BLOCK_TOKENS * size);
}

__device__ __forceinline__ void put_key(bf16 *part, int offset, int size, int i, float value) {
    store(part + offset * size + i, to_bf16(value));
}

__device__ __forceinline__ void put_value(bf16 *part, int offset, int size, int i, float value) {
    store(part + (size + i) * BLOCK_TOKENS + offset, to_bf16(value));
}
