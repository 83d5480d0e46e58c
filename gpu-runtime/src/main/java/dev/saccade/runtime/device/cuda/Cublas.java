package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.DeviceException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products of many rows: cuBLAS of CUDA 13 or 12, whichever is there, by the Foreign Function API. JCublas2 is bound
 * to version 12 alone, and machines with a recent toolkit have only 13.
 */
final class Cublas implements AutoCloseable {

    private static final List<String> LIBRARIES = List.of("libcublas.so.13", "libcublas.so.12");

    private static final int NOT_TRANSPOSED = 0;
    private static final int TRANSPOSED = 1;
    private static final int FLOAT32 = 0; // CUDA_R_32F
    private static final int BFLOAT16 = 14; // CUDA_R_16BF
    private static final int COMPUTE_FLOAT32 = 68; // CUBLAS_COMPUTE_32F
    private static final int DEFAULT_ALGORITHM = -1;

    /** What NVIDIA recommends for Hopper; without it a captured graph would allocate. */
    static final int WORKSPACE_BYTES = 32 << 20;

    private final Arena arena = Arena.ofShared();
    private final MethodHandle gemm;
    private final MethodHandle destroy;
    private final MemorySegment handle;
    private final MemorySegment one;
    private final MemorySegment zero;

    /** @param workspace address of {@link #WORKSPACE_BYTES} */
    Cublas(Stream stream, long workspace) {
        SymbolLookup library = library(arena);
        AddressLayout pointer = ValueLayout.ADDRESS;
        ValueLayout.OfInt integer = ValueLayout.JAVA_INT;
        ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
        MethodHandle create = function(library, "cublasCreate_v2", pointer);
        MethodHandle setStream = function(library, "cublasSetStream_v2", pointer, size);
        MethodHandle setWorkspace = function(library, "cublasSetWorkspace_v2", pointer, size, size);
        this.destroy = function(library, "cublasDestroy_v2", pointer);
        this.gemm = function(
                library,
                "cublasGemmEx",
                pointer, // handle
                integer, // operations on a and b
                integer,
                integer, // m, n, k
                integer,
                integer,
                pointer, // alpha
                size, // a, its type and leading dimension
                integer,
                integer,
                size, // b
                integer,
                integer,
                pointer, // beta
                size, // c
                integer,
                integer,
                integer, // compute type, algorithm
                integer);
        this.one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1f);
        this.zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0f);
        MemorySegment place = arena.allocate(pointer);
        check(call(create, place), "cublasCreate");
        this.handle = place.get(pointer, 0);
        check(call(setStream, handle, stream.handle()), "cublasSetStream");
        check(call(setWorkspace, handle, workspace, (long) WORKSPACE_BYTES), "cublasSetWorkspace");
    }

    /**
     * {@code out = x * weights^T}, row-major: x is (rows, inputs) bf16, out (rows, outputs). cuBLAS sees the transposes of
     * all three, column-major.
     */
    void multiply(CudaMatrix weights, CudaBuffer x, int rows, CudaBuffer out) {
        int result;
        try {
            result = (int) gemm.invokeExact(
                    handle,
                    TRANSPOSED,
                    NOT_TRANSPOSED,
                    weights.outputs(),
                    rows,
                    weights.inputs(),
                    one,
                    weights.address(),
                    BFLOAT16,
                    weights.inputs(),
                    x.address(),
                    BFLOAT16,
                    weights.inputs(),
                    zero,
                    out.address(),
                    out.operand() ? BFLOAT16 : FLOAT32,
                    weights.outputs(),
                    COMPUTE_FLOAT32,
                    DEFAULT_ALGORITHM);
        } catch (Throwable e) {
            throw new IllegalStateException("cublasGemmEx can't be called", e);
        }
        check(result, "a product of " + rows + " rows, " + weights.inputs() + " to " + weights.outputs());
    }

    /** Why cuBLAS can't be used, in a sentence for the user, or null where it can. */
    static @Nullable String missing() {
        try (Arena arena = Arena.ofConfined()) {
            library(arena);
            return null;
        } catch (DeviceException e) {
            return e.getMessage();
        }
    }

    private static SymbolLookup library(Arena arena) {
        for (String name : LIBRARIES) {
            try {
                return SymbolLookup.libraryLookup(name, arena);
            } catch (IllegalArgumentException e) {
                // the next one
            }
        }
        throw new DeviceException(
                "no-device",
                "cuBLAS is missing: neither of " + LIBRARIES
                        + " is found; install it, or add its folder to LD_LIBRARY_PATH.");
    }

    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... parameters) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters);
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("cuBLAS can't be called", e);
        }
    }

    private static void check(int status, String action) {
        if (status != 0) {
            throw new DeviceException("device-failed", "cuBLAS reports status " + status + " for: " + action);
        }
    }

    @Override
    public void close() {
        call(destroy, handle);
        arena.close();
    }
}
