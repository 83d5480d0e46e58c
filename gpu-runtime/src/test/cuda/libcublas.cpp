// An emulated libcublas.so.13: products of bf16 matrices with float32 sums, in the order of the inputs.
#include "machine.h"

#include <vector>

namespace {

constexpr int SUCCESS = 0, INVALID_VALUE = 7, NOT_SUPPORTED = 15;
constexpr int TRANSPOSED = 1, FLOAT32 = 0, BFLOAT16 = 14, COMPUTE_FLOAT32 = 68;

float value(bf16 x) {
    return bf16_value(x, 0);
}

struct Handle {
    void *stream = nullptr;
};

// c (m x n, column-major) = a^T (k x m) * b (k x n)
void multiply(int m, int n, int k, const bf16 *a, int lda, const bf16 *b, int ldb, void *c, int type_c, int ldc) {
    std::vector<float> weights(size_t(m) * k), row(k);
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < k; j++) {
            weights[size_t(i) * k + j] = value(a[size_t(i) * lda + j]);
        }
    }
    for (int r = 0; r < n; r++) {
        for (int j = 0; j < k; j++) {
            row[j] = value(b[size_t(r) * ldb + j]);
        }
        for (int i = 0; i < m; i++) {
            float sum = 0;
            for (int j = 0; j < k; j++) {
                sum += weights[size_t(i) * k + j] * row[j];
            }
            if (type_c == FLOAT32) {
                static_cast<float *>(c)[size_t(r) * ldc + i] = sum;
            } else {
                static_cast<bf16 *>(c)[size_t(r) * ldc + i] = to_bf16(sum);
            }
        }
    }
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

// Only what the device asks for.
CUBLAS cublasGemmEx(Handle *handle, int operation_a, int operation_b, int m, int n, int k, const float *alpha, const bf16 *a,
                    int type_a, int lda, const bf16 *b, int type_b, int ldb, const float *beta, void *c, int type_c,
                    int ldc, int compute, int) {
    if (operation_a != TRANSPOSED || operation_b != 0 || type_a != BFLOAT16 || type_b != BFLOAT16 ||
        compute != COMPUTE_FLOAT32 || *alpha != 1 || *beta != 0) {
        return NOT_SUPPORTED;
    }
    const size_t result_bytes = type_c == FLOAT32 ? 4 : 2;
    if (lda < k || ldb < k || ldc < m || !emulator::is_allocated(a, (size_t(m - 1) * lda + k) * 2) ||
        !emulator::is_allocated(b, (size_t(n - 1) * ldb + k) * 2) ||
        !emulator::is_allocated(c, (size_t(n - 1) * ldc + m) * result_bytes)) {
        return INVALID_VALUE;
    }
    return emulator::submit(handle->stream, [=] {
        multiply(m, n, k, a, lda, b, ldb, c, type_c, ldc);
        return SUCCESS;
    });
}
