// Work on rows of activations: norm with residual, activations, embedding, rotary positions, copies of rows. All of it is
// bound by memory; each value is read and written once.

// hidden += delta (where there is one); out = hidden / sqrt(mean(hidden^2) + epsilon) * weight.
//   hidden, delta: (rows, width) float32   weight: (width) float32   out: (rows, width) bf16   width % 4 == 0, <= 8192
// One block a row: the row stays in registers between the sum and the scaling.
// Bytes: 12 + 2 a value with delta, 4 + 2 without. 512 threads; 4 blocks fit on a multiprocessor.
extern "C" __global__ void __launch_bounds__(512)
    add_and_normalize(float *hidden, const float *delta, const float *weight, float epsilon, int width, bf16 *out) {
    DYNAMIC_SHARED(float, warp_sums);
    const int quads = width / 4;
    const long row = static_cast<long>(blockIdx.x) * width;
    Bytes16 kept[4];
    float squares = 0.f;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const int quad = threadIdx.x + i * 512;
        if (quad < quads) {
            Bytes16 *place = reinterpret_cast<Bytes16 *>(hidden + row) + quad;
            Bytes16 value = load(place);
            if (delta != nullptr) {
                const Bytes16 added = load(reinterpret_cast<const Bytes16 *>(delta + row) + quad);
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    value.word[j] = float_to_bits(bits_to_float(value.word[j]) + bits_to_float(added.word[j]));
                }
                store(place, value);
            }
#pragma unroll
            for (int j = 0; j < 4; j++) {
                const float x = bits_to_float(value.word[j]);
                squares += x * x;
            }
            kept[i] = value;
        }
    }
    squares = warp_sum(squares);
    if (threadIdx.x % 32 == 0) {
        warp_sums[threadIdx.x / 32] = squares;
    }
    sync_block();
    float total = 0.f;
#pragma unroll
    for (int i = 0; i < 16; i++) {
        total += warp_sums[i];
    }
    const float scale = rsqrtf(total / width + epsilon);
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const int quad = threadIdx.x + i * 512;
        if (quad < quads) {
            const Bytes16 w = load(reinterpret_cast<const Bytes16 *>(weight) + quad);
            float x[4];
#pragma unroll
            for (int j = 0; j < 4; j++) {
                x[j] = bits_to_float(kept[i].word[j]) * scale * bits_to_float(w.word[j]);
            }
            store(reinterpret_cast<Bytes8 *>(out + row) + quad, Bytes8{{pack(x[0], x[1]), pack(x[2], x[3])}});
        }
    }
}
KERNEL(add_and_normalize)

__device__ __forceinline__ float silu(float x) {
    return x / (1.f + exp2_fast(-1.44269504f * x));
}

// out = silu(gate + bias) * (up + bias).
//   gate_up: (rows, 2 * width) bf16, a row's gate before its up   bias: (2 * width) float32 or none   out: (rows, width)
// A thread takes a pair of values. Grid: (pairs / 256, rows). width % 2 == 0.
extern "C" __global__ void __launch_bounds__(256)
    swiglu(const bf16 *gate_up, const float *bias, int width, bf16 *out) {
    const int pair = blockIdx.x * 256 + threadIdx.x;
    if (pair >= width / 2) {
        return;
    }
    const long row = blockIdx.y;
    const u32 gates = load(reinterpret_cast<const u32 *>(gate_up + row * 2 * width) + pair);
    const u32 ups = load(reinterpret_cast<const u32 *>(gate_up + row * 2 * width + width) + pair);
    float gate[2] = {low_float(gates), high_float(gates)};
    float up[2] = {low_float(ups), high_float(ups)};
    if (bias != nullptr) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            gate[i] += load(bias + 2 * pair + i);
            up[i] += load(bias + width + 2 * pair + i);
        }
    }
    store(reinterpret_cast<u32 *>(out + row * width) + pair, pack(silu(gate[0]) * up[0], silu(gate[1]) * up[1]));
}
KERNEL(swiglu)

// x = x / 2 * (1 + erf(x / sqrt(2))) in place, bf16. A thread takes a pair.
extern "C" __global__ void __launch_bounds__(256) gelu(bf16 *x, int pairs) {
    const int pair = blockIdx.x * 256 + threadIdx.x;
    if (pair >= pairs) {
        return;
    }
    u32 *place = reinterpret_cast<u32 *>(x) + pair;
    const u32 both = load(place);
    const float a = low_float(both);
    const float b = high_float(both);
    store(place, pack(a / 2 * (1 + erff(a * 0.70710678f)), b / 2 * (1 + erff(b * 0.70710678f))));
}
KERNEL(gelu)

// x += bias for each row; x is (rows, width), float32 or bf16. Grid: (width / 256, rows).
extern "C" __global__ void __launch_bounds__(256) add_bias_float(float *x, const float *bias, int width) {
    const int column = blockIdx.x * 256 + threadIdx.x;
    if (column < width) {
        float *place = x + static_cast<long>(blockIdx.y) * width + column;
        store(place, load(place) + load(bias + column));
    }
}
KERNEL(add_bias_float)

extern "C" __global__ void __launch_bounds__(256) add_bias_bf16(bf16 *x, const float *bias, int width) {
    const int column = blockIdx.x * 256 + threadIdx.x;
    if (column < width) {
        bf16 *place = x + static_cast<long>(blockIdx.y) * width + column;
        store(place, to_bf16(to_float(load(place)) + load(bias + column)));
    }
}
KERNEL(add_bias_bf16)

// out[i] = table[ids[i]]; table (rows, width) bf16, out (ids, width) float32. One block an id.
extern "C" __global__ void __launch_bounds__(256) look_up(const bf16 *table, const int *ids, int width, float *out) {
    const bf16 *from = table + static_cast<long>(load(ids + blockIdx.x)) * width;
    float *to = out + static_cast<long>(blockIdx.x) * width;
    for (int i = threadIdx.x; i < width; i += 256) {
        store(to + i, to_float(load(from + i)));
    }
}
KERNEL(look_up)

__device__ __forceinline__ float as_float(float x) {
    return x;
}

__device__ __forceinline__ float as_float(bf16 x) {
    return to_float(x);
}

__device__ __forceinline__ void put(float *to, float value) {
    store(to, value);
}

__device__ __forceinline__ void put(bf16 *to, float value) {
    store(to, to_bf16(value));
}

template <class From, class To>
__device__ __forceinline__ void copy_row(const From *from, To *to, int width) {
    for (int i = threadIdx.x; i < width; i += 256) {
        put(to + i, as_float(load(from + i)));
    }
}

// target[target_rows[i]] = source[source_rows[i]], rows of `width` values. One block a row.
#define COPY_ROWS(name, From, To)                                                                                      \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        name(const From *source, const int *source_rows, To *target, const int *target_rows, int width) {              \
        copy_row(source + static_cast<long>(load(source_rows + blockIdx.x)) * width,                                   \
                 target + static_cast<long>(load(target_rows + blockIdx.x)) * width, width);                           \
    }                                                                                                                  \
    KERNEL(name)
COPY_ROWS(copy_rows_float_float, float, float)
COPY_ROWS(copy_rows_float_bf16, float, bf16)
COPY_ROWS(copy_rows_bf16_float, bf16, float)
COPY_ROWS(copy_rows_bf16_bf16, bf16, bf16)
