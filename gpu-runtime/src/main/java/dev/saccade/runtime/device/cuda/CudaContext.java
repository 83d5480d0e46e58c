package dev.saccade.runtime.device.cuda;

import static dev.saccade.runtime.device.cuda.CudaDriver.check;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.device.Heads;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * One device's context, the stream that all kernels run on in order, and the kernels. One thread at a time; any thread may
 * be next.
 */
final class CudaContext implements AutoCloseable {

    /** Dynamic shared memory above which a kernel must be told. */
    private static final int PLAIN_SHARED_BYTES = 48 << 10;

    private static final int MOST_ARGUMENTS = 16;
    private static final int ARGUMENT_BYTES = 16;

    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();
    private final Stream stream = new Stream();
    private final Map<String, CUfunction> kernels = new HashMap<>();
    private final Map<String, Integer> sharedBytes = new HashMap<>();
    private final ByteBuffer arguments =
            ByteBuffer.allocateDirect(MOST_ARGUMENTS * ARGUMENT_BYTES).order(ByteOrder.nativeOrder());
    private final Pointer[] argumentPlaces = new Pointer[MOST_ARGUMENTS];
    private final Set<String> launched = new LinkedHashSet<>(); // since the host last waited
    private final String name;
    private final boolean pooled;
    private @Nullable Thread current;

    /** @throws DeviceException where there is no device, or one that is too old */
    CudaContext() {
        String missing = CudaDriver.missing();
        if (missing != null) {
            throw new DeviceException("no-device", "device=cuda can't be used: " + missing + ".");
        }
        check(JCudaDriver.cuDeviceGet(device, 0), "open device 0");
        this.name = nameOf(device);
        CudaDriver.requireComputeCapability(
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                name);
        check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "open a context on " + name);
        makeCurrent();
        this.pooled = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) != 0;
        check(JCudaDriver.cuModuleLoadData(module, fatbin()), "load the kernels for " + name);
        createStream(stream);
        for (int i = 0; i < MOST_ARGUMENTS; i++) {
            argumentPlaces[i] = Pointer.to(arguments).withByteOffset((long) i * ARGUMENT_BYTES);
        }
    }

    String name() {
        return name;
    }

    Stream stream() {
        return stream;
    }

    /** One that runs beside {@link #stream}, as far as events let it. */
    Stream newStream() {
        makeCurrent();
        Stream other = new Stream();
        createStream(other);
        return other;
    }

    private static void createStream(Stream stream) {
        check(JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "create a stream");
    }

    int attribute(int attribute) {
        int[] value = new int[1];
        check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "ask for a property of the device");
        return value[0];
    }

    /** Bytes that are free now. */
    long freeBytes() {
        makeCurrent();
        long[] free = new long[1];
        long[] total = new long[1];
        check(JCudaDriver.cuMemGetInfo(free, total), "ask for free memory");
        return free[0];
    }

    /** The driver's calls act on the context of the calling thread. */
    void makeCurrent() {
        if (Thread.currentThread() != current) {
            check(JCudaDriver.cuCtxSetCurrent(context), "enter the context");
            current = Thread.currentThread();
        }
    }

    /** For a thread of the caller's own that copies beside the one that computes. */
    void enter() {
        check(JCudaDriver.cuCtxSetCurrent(context), "enter the context");
    }

    /**
     * Memory with anything in it, for what comes after on the stream; others wait for the stream first.
     *
     * @param purpose for the message
     * @throws DeviceException {@code out-of-memory}
     */
    long allocate(long bytes, String purpose) {
        makeCurrent();
        DevicePointer pointer = new DevicePointer();
        long size = Math.max(bytes, 1);
        check(
                pooled ? JCudaDriver.cuMemAllocAsync(pointer, size, stream) : JCudaDriver.cuMemAlloc(pointer, size),
                bytes / 1_000_000 + " MB for " + purpose);
        return pointer.address();
    }

    /** After what was put on the stream before. */
    void free(long address) {
        makeCurrent();
        if (pooled) {
            JCudaDriver.cuMemFreeAsync(CudaDriver.pointer(address), stream);
        } else {
            JCudaDriver.cuMemFree(CudaDriver.pointer(address)); // waits for the device
        }
    }

    void fillWithZeros(long address, long bytes) {
        makeCurrent();
        check(JCudaDriver.cuMemsetD8Async(CudaDriver.pointer(address), (byte) 0, bytes, stream), "clear memory");
    }

    /**
     * Waits until all that was asked for has been done.
     *
     * @throws DeviceException {@code device-failed} where a kernel has failed: the driver doesn't say which, so the message names those
     *     that were started since the last wait
     */
    void synchronize() {
        makeCurrent();
        checkKernels(JCudaDriver.cuStreamSynchronize(stream));
        launched.clear();
    }

    private void checkKernels(int result) {
        if (result != CUresult.CUDA_SUCCESS) {
            check(result, "one of the kernels " + String.join(", ", launched));
        }
    }

    CUfunction kernel(String kernel) {
        return kernels.computeIfAbsent(kernel, key -> {
            makeCurrent();
            CUfunction function = new CUfunction();
            check(JCudaDriver.cuModuleGetFunction(function, module, key), "find the kernel " + key);
            return function;
        });
    }

    /**
     * Starts a kernel.
     *
     * @param sharedBytes of dynamic shared memory
     * @param values in the order of the kernel's parameters: buffers, addresses (Long), Integer, Float, {@link Heads}, or
     *     null for none
     */
    void launch(
            String kernel, int gridX, int gridY, int gridZ, int threads, int sharedBytes, @Nullable Object... values) {
        if (gridX == 0 || gridY == 0 || gridZ == 0) {
            return; // an empty batch, which the driver would refuse
        }
        makeCurrent();
        CUfunction function = kernel(kernel);
        if (sharedBytes > PLAIN_SHARED_BYTES && this.sharedBytes.getOrDefault(kernel, 0) < sharedBytes) {
            int attribute = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
            check(JCudaDriver.cuFuncSetAttribute(function, attribute, sharedBytes), "shared memory for " + kernel);
            this.sharedBytes.put(kernel, sharedBytes);
        }
        for (int i = 0; i < values.length; i++) {
            putArgument(i * ARGUMENT_BYTES, values[i]);
        }
        Pointer places = Pointer.to(Arrays.copyOf(argumentPlaces, values.length));
        launched.add(kernel); // may be told of the failure of an earlier one
        checkKernels(JCudaDriver.cuLaunchKernel(
                function, gridX, gridY, gridZ, threads, 1, 1, sharedBytes, stream, places, null));
    }

    /** Records what is launched meanwhile instead of running it. */
    CUgraphExec record(Runnable operations) {
        makeCurrent();
        int mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
        check(JCudaDriver.cuStreamBeginCapture(stream, mode), "begin to record");
        CUgraph recorded = new CUgraph();
        try {
            operations.run();
        } finally {
            check(JCudaDriver.cuStreamEndCapture(stream, recorded), "record");
        }
        CUgraphExec graph = new CUgraphExec();
        check(JCudaDriver.cuGraphInstantiate(graph, recorded, 0), "make a graph");
        JCudaDriver.cuGraphDestroy(recorded);
        return graph;
    }

    void play(CUgraphExec graph) {
        makeCurrent();
        launched.add("of a recorded step");
        checkKernels(JCudaDriver.cuGraphLaunch(graph, stream));
    }

    private void putArgument(int at, @Nullable Object value) {
        switch (value) {
            case null -> arguments.putLong(at, 0L);
            case CudaBuffer buffer -> arguments.putLong(at, buffer.address());
            case Long address -> arguments.putLong(at, address);
            case Integer number -> arguments.putInt(at, number);
            case Float number -> arguments.putFloat(at, number);
            case Heads heads ->
                arguments
                        .putInt(at, heads.query())
                        .putInt(at + Integer.BYTES, heads.keyValue())
                        .putInt(at + 2 * Integer.BYTES, heads.size());
            default -> throw new IllegalArgumentException("a kernel takes no " + value.getClass());
        }
    }

    private static String nameOf(CUdevice device) {
        byte[] name = new byte[256];
        check(JCudaDriver.cuDeviceGetName(name, name.length, device), "ask for the device's name");
        return new String(name, StandardCharsets.UTF_8).replace("\0", "").strip();
    }

    /** Those of the jar, or for somebody who works on kernels, of the file that {@code saccade.cuda.kernels} names. */
    private static byte[] fatbin() {
        String other = System.getProperty("saccade.cuda.kernels");
        if (other != null) {
            return read(Path.of(other));
        }
        try (InputStream in = CudaContext.class.getResourceAsStream("kernels.fatbin")) {
            if (in == null) {
                throw new IllegalStateException("kernels.fatbin is missing from the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        makeCurrent();
        JCudaDriver.cuStreamDestroy(stream);
        JCudaDriver.cuModuleUnload(module);
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
