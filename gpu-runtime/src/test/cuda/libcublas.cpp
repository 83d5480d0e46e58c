// An emulated libcublas.so.13: products of bf16 matrices with float32 sums, in the order of the inputs.
#include "machine.h"

#include <vector>

namespace {

constexpr int SUCCESS = 0, INVALID_VALUE = 7, NOT_SUPPORTED = 15;
constexpr int TRANSPOSED = 1, FLOAT32 = 0, BFLOAT16 = 14, COMPUTE_FLOAT32 = 68;

float value(bf16 x) {
    return emulator::bf16_value(x, 0);
}

struct Handle {
    void *stream = nullptr;
};

// A matrix as cuBLAS sees it, column-major: what is asked for is its transpose where `transposed`.
struct Operand {
    const bf16 *values;
    int leading;
    bool transposed;

    float at(int row, int column) const {
        return value(transposed ? values[size_t(row) * leading + column] : values[size_t(column) * leading + row]);
    }

    // As it lies in memory it has these many columns of these many rows.
    bool is_allocated(int rows, int columns) const {
        const int lying_rows = transposed ? columns : rows, lying_columns = transposed ? rows : columns;
        return leading >= lying_rows &&
               emulator::is_allocated(values, (size_t(lying_columns - 1) * leading + lying_rows) * sizeof(bf16));
    }
};

// c = alpha * a (m x k) * b (k x n) + beta * c; column-major.
template <class T>
void multiply(int m, int n, int k, float alpha, Operand a, Operand b, float beta, T *c, int ldc) {
    std::vector<float> left(size_t(m) * k), column(k);
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < k; j++) {
            left[size_t(i) * k + j] = a.at(i, j);
        }
    }
    for (int r = 0; r < n; r++) {
        for (int j = 0; j < k; j++) {
            column[j] = b.at(j, r);
        }
        for (int i = 0; i < m; i++) {
            float sum = 0;
            for (int j = 0; j < k; j++) {
                sum += left[size_t(i) * k + j] * column[j];
            }
            T *place = c + size_t(r) * ldc + i;
            sum *= alpha;
            if constexpr (sizeof(T) == sizeof(float)) {
                *place = beta == 0 ? sum : sum + beta * *place; // as BLAS has it: with beta 0 what was there is not read
            } else {
                *place = to_bf16(beta == 0 ? sum : sum + beta * value(*place));
            }
        }
    }
}

// The least that a product must move.
emulator::Counters counters(size_t m, size_t n, size_t k, size_t result_bytes, bool reads_result) {
    emulator::Counters counters;
    counters.launches = 1;
    counters.read = (m * k + n * k) * sizeof(bf16) + (reads_result ? m * n * result_bytes : 0);
    counters.fetched = counters.read;
    counters.written = m * n * result_bytes;
    counters.flops = 2 * m * n * k;
    return counters;
}

} // namespace

#define CUBLAS extern "C" __attribute__((visibility("default"))) int

CUBLAS cublasCreate_v2(Handle **handle) {
    *handle = new Handle;
    return SUCCESS;
}

CUBLAS cublasDestroy_v2(Handle *handle) {
    delete handle;
    return SUCCESS;
}

CUBLAS cublasSetStream_v2(Handle *handle, void *stream) {
    handle->stream = stream;
    return SUCCESS;
}

CUBLAS cublasSetWorkspace_v2(Handle *, void *, size_t) {
    return SUCCESS;
}

CUBLAS cublasSetMathMode(Handle *, int) {
    return SUCCESS;
}

CUBLAS cublasGetVersion_v2(Handle *, int *version) {
    *version = 130000;
    return SUCCESS;
}

// Of bf16 matrices, to float32 or bf16. The real one fails with an illegal address, later, where this finds memory too small.
CUBLAS cublasGemmEx(Handle *handle, int operation_a, int operation_b, int m, int n, int k, const float *alpha, const bf16 *a,
                    int type_a, int lda, const bf16 *b, int type_b, int ldb, const float *beta, void *c, int type_c,
                    int ldc, int compute, int) {
    if (type_a != BFLOAT16 || type_b != BFLOAT16 || compute != COMPUTE_FLOAT32 || (type_c != FLOAT32 && type_c != BFLOAT16)) {
        return NOT_SUPPORTED;
    }
    if (m < 0 || n < 0 || k < 0 || (operation_a | operation_b) > TRANSPOSED) {
        return INVALID_VALUE;
    }
    if (m == 0 || n == 0 || k == 0) {
        return m == 0 || n == 0 ? SUCCESS : NOT_SUPPORTED;
    }
    const size_t result_bytes = type_c == FLOAT32 ? 4 : 2;
    const Operand left{a, lda, operation_a == TRANSPOSED}, right{b, ldb, operation_b == TRANSPOSED};
    if (ldc < m || !left.is_allocated(m, k) || !right.is_allocated(k, n) ||
        !emulator::is_allocated(c, (size_t(n - 1) * ldc + m) * result_bytes)) {
        return INVALID_VALUE;
    }
    emulator::note(handle->stream, "product");
    return emulator::submit(handle->stream, [=, by = *alpha, keep = *beta] {
        if (type_c == FLOAT32) {
            multiply(m, n, k, by, left, right, keep, static_cast<float *>(c), ldc);
        } else {
            multiply(m, n, k, by, left, right, keep, static_cast<bf16 *>(c), ldc);
        }
        emulator::count("cublasGemmEx", counters(m, n, k, result_bytes, keep != 0));
        return 0;
    });
}
