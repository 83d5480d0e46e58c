package dev.saccade.runtime.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Products of bf16 matrices by oneDNN, with float32 sums. The calling thread does all the work: the pool splits products,
 * OpenMP starts no threads.
 *
 * <p>The system property {@code saccade.onednn} is {@code off}, {@code on}, or by default {@code auto}: only where the
 * processor has bf16 dot products, since without them oneDNN emulates what Java does as fast.
 */
final class OneDnn {

    private static final System.Logger LOG = System.getLogger(OneDnn.class.getName());

    // numbers of the C interface (dnnl_types.h)
    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int BF16 = 2;
    private static final int F32 = 3;
    private static final int SOURCE = 1;
    private static final int DESTINATION = 17;
    private static final int WEIGHTS = 33;
    private static final int SCRATCHPAD = 80;
    private static final int QUERY_SCRATCHPAD = 136;
    private static final int USER_SCRATCHPAD = 1;
    private static final int ISA_AVX512_BF16 = 0xe7;
    private static final int ISA_AVX2_BF16 = 0x1f;
    private static final int DIMENSIONS = 12;

    private static final class Holder {
        static final @Nullable OneDnn INSTANCE = load();
    }

    private final MethodHandle setThreads;
    private final MethodHandle describe;
    private final MethodHandle describedBytes;
    private final MethodHandle forget;
    private final MethodHandle planProduct;
    private final MethodHandle queryPlan;
    private final MethodHandle forgetPlan;
    private final MethodHandle create;
    private final MethodHandle destroy;
    private final MethodHandle bindMemory;
    private final MethodHandle unbindMemory;
    private final MethodHandle execute;
    private final MethodHandle await;
    private final MethodHandle isa;
    private final MemorySegment engine;
    private final MemorySegment stream;
    private final MemorySegment attributes;

    OneDnn(OneDnnLibrary library) {
        setThreads = library.openMp("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        describe = library.oneDnn(
                "dnnl_memory_desc_create_with_strides",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
        describedBytes = library.oneDnn("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        forget = status(library, "dnnl_memory_desc_destroy", ADDRESS);
        planProduct = status(
                library,
                "dnnl_matmul_primitive_desc_create",
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS,
                ADDRESS);
        queryPlan = library.oneDnn(
                "dnnl_primitive_desc_query_md", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
        forgetPlan = status(library, "dnnl_primitive_desc_destroy", ADDRESS);
        create = status(library, "dnnl_primitive_create", ADDRESS, ADDRESS);
        destroy = status(library, "dnnl_primitive_destroy", ADDRESS);
        bindMemory = status(library, "dnnl_memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        unbindMemory = status(library, "dnnl_memory_destroy", ADDRESS);
        execute = status(library, "dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        await = status(library, "dnnl_stream_wait", ADDRESS);
        isa = library.oneDnn("dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            check((int) status(library, "dnnl_engine_create", ADDRESS, JAVA_INT, JAVA_LONG)
                    .invokeExact(out, CPU, 0L));
            engine = out.get(ADDRESS, 0);
            check((int) status(library, "dnnl_stream_create", ADDRESS, ADDRESS, JAVA_INT)
                    .invokeExact(out, engine, IN_ORDER));
            stream = out.get(ADDRESS, 0);
            check((int) status(library, "dnnl_primitive_attr_create", ADDRESS).invokeExact(out));
            attributes = out.get(ADDRESS, 0);
            check((int) status(library, "dnnl_primitive_attr_set_scratchpad_mode", ADDRESS, JAVA_INT)
                    .invokeExact(attributes, USER_SCRATCHPAD));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static MethodHandle status(OneDnnLibrary library, String name, MemoryLayout... arguments) {
        return library.oneDnn(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Null where it is switched off, absent, or no gain. Loads 90 MB of code: ask only when there is work for it. */
    static @Nullable OneDnn get() {
        return Holder.INSTANCE;
    }

    private static @Nullable OneDnn load() {
        String choice = System.getProperty("saccade.onednn", "auto").toLowerCase(Locale.ROOT);
        OneDnnLibrary library = choice.equals("off") ? null : OneDnnLibrary.get();
        if (library == null) {
            return null;
        }
        try {
            OneDnn oneDnn = new OneDnn(library);
            boolean used = choice.equals("on") || oneDnn.multipliesBfloat16InHardware();
            LOG.log(Level.INFO, used ? "Large products run on oneDNN" : "oneDNN has no bf16 hardware here; unused");
            return used ? oneDnn : null;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "oneDNN can't be used; large products stay in Java", e);
            return null;
        }
    }

    private boolean multipliesBfloat16InHardware() {
        try {
            int bits = (int) isa.invokeExact();
            return (bits & ISA_AVX512_BF16) == ISA_AVX512_BF16 || (bits & ISA_AVX2_BF16) == ISA_AVX2_BF16;
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /**
     * {@code out = x * weights^T}, all row-major and outside the heap.
     *
     * @param x bf16 (rows, inputs)
     * @param weights bf16 (outputs, inputs)
     * @param out float32 (rows, outputs)
     */
    void multiply(MemorySegment x, int rows, int inputs, MemorySegment weights, int outputs, MemorySegment out) {
        try (Arena arena = Arena.ofConfined()) {
            setThreads.invokeExact(1);
            MemorySegment source = describe(arena, BF16, rows, inputs, inputs, 1);
            MemorySegment transposed = describe(arena, BF16, inputs, outputs, 1, inputs);
            MemorySegment destination = describe(arena, F32, rows, outputs, outputs, 1);
            MemorySegment none = MemorySegment.NULL;
            MemorySegment pointer = arena.allocate(ADDRESS);
            check((int) planProduct.invokeExact(pointer, engine, source, transposed, none, destination, attributes));
            MemorySegment plan = pointer.get(ADDRESS, 0);
            check((int) create.invokeExact(pointer, plan)); // from oneDNN's own cache, but for the first of a shape
            MemorySegment primitive = pointer.get(ADDRESS, 0);
            MemorySegment scratch = (MemorySegment) queryPlan.invokeExact(plan, QUERY_SCRATCHPAD, 0);
            long scratchBytes = (long) describedBytes.invokeExact(scratch);
            MemorySegment[] memories = {
                bind(arena, source, x),
                bind(arena, transposed, weights),
                bind(arena, destination, out),
                bind(arena, scratch, arena.allocate(Math.max(64, scratchBytes), 64))
            };
            run(arena, primitive, new int[] {SOURCE, WEIGHTS, DESTINATION, SCRATCHPAD}, memories);
            for (MemorySegment memory : memories) {
                check((int) unbindMemory.invokeExact(memory));
            }
            check((int) destroy.invokeExact(primitive));
            check((int) forgetPlan.invokeExact(plan));
            for (MemorySegment description : new MemorySegment[] {source, transposed, destination}) {
                check((int) forget.invokeExact(description));
            }
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private void run(Arena arena, MemorySegment primitive, int[] names, MemorySegment[] memories) throws Throwable {
        MemorySegment arguments = arena.allocate(16L * names.length, 8); // {int name; memory *}
        for (int i = 0; i < names.length; i++) {
            arguments.set(JAVA_INT, 16L * i, names[i]);
            arguments.set(ADDRESS, 16L * i + 8, memories[i]);
        }
        check((int) execute.invokeExact(primitive, stream, names.length, arguments));
        check((int) await.invokeExact(stream));
    }

    private MemorySegment describe(Arena arena, int type, long rows, long columns, long rowStride, long columnStride)
            throws Throwable {
        MemorySegment pointer = arena.allocate(ADDRESS);
        MemorySegment sizes = arena.allocate(JAVA_LONG, DIMENSIONS);
        MemorySegment strides = arena.allocate(JAVA_LONG, DIMENSIONS);
        sizes.setAtIndex(JAVA_LONG, 0, rows);
        sizes.setAtIndex(JAVA_LONG, 1, columns);
        strides.setAtIndex(JAVA_LONG, 0, rowStride);
        strides.setAtIndex(JAVA_LONG, 1, columnStride);
        check((int) describe.invokeExact(pointer, 2, sizes, type, strides));
        return pointer.get(ADDRESS, 0);
    }

    private MemorySegment bind(Arena arena, MemorySegment description, MemorySegment data) throws Throwable {
        MemorySegment pointer = arena.allocate(ADDRESS);
        check((int) bindMemory.invokeExact(pointer, description, engine, data));
        return pointer.get(ADDRESS, 0);
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("oneDNN answers with status " + status);
        }
    }

    private static RuntimeException failed(Throwable e) {
        return e instanceof RuntimeException known ? known : new IllegalStateException("oneDNN failed", e);
    }
}
