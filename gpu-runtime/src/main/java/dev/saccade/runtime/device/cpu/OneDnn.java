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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of oneDNN's C interface that products of bf16 matrices need. The calling thread does all the work: the pool
 * splits products, OpenMP starts no threads.
 *
 * <p>The system property {@code saccade.onednn} is {@code off}, {@code on}, or by default {@code auto}: only where the
 * processor has bf16 dot products, since without them oneDNN emulates what Java does faster.
 */
final class OneDnn {

    private static final System.Logger LOG = System.getLogger(OneDnn.class.getName());

    // numbers of the C interface (dnnl_types.h)
    static final int BF16 = 2;
    static final int F32 = 3;
    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int ANY = 1;
    private static final int QUERY_WEIGHTS = 131;
    private static final int QUERY_SCRATCHPAD = 136;
    private static final int USER_SCRATCHPAD = 1;
    private static final int ISA_AVX512_BF16 = 0xe7;
    private static final int ISA_AVX2_BF16 = 0x1f;
    private static final int DIMENSIONS = 12;
    private static final int TAGS = 2_000; // more than there are

    /** What oneDNN calls the bf16 panels of {@link PackedMatrix}. */
    private static final String PANELS = "BA16a16b2a";

    private static final class Holder {
        static final @Nullable OneDnn INSTANCE = load();
    }

    private final MethodHandle setThreads;
    private final MethodHandle describeStrides;
    private final MethodHandle describeTag;
    private final MethodHandle describedBytes;
    private final MethodHandle planProduct;
    private final MethodHandle queryPlan;
    private final MethodHandle createPrimitive;
    private final MethodHandle createMemory;
    private final MethodHandle setData;
    private final MethodHandle execute;
    private final MethodHandle await;
    private final MethodHandle isa;
    private final MemorySegment engine;
    private final MemorySegment stream;
    private final MemorySegment attributes;
    private final int panelTag;

    OneDnn(OneDnnLibrary library) {
        setThreads = library.openMp("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        describeStrides =
                status(library, "dnnl_memory_desc_create_with_strides", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
        describeTag =
                status(library, "dnnl_memory_desc_create_with_tag", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
        describedBytes = library.oneDnn("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
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
        createPrimitive = status(library, "dnnl_primitive_create", ADDRESS, ADDRESS);
        createMemory = status(library, "dnnl_memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        setData = status(library, "dnnl_memory_set_data_handle", ADDRESS, ADDRESS);
        execute = status(library, "dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        await = status(library, "dnnl_stream_wait", ADDRESS);
        isa = library.oneDnn("dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
        panelTag = findTag(library);
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

    /** Layouts are numbered anew with every version, so the number is looked up by name. */
    @SuppressWarnings("restricted") // native access is granted wherever the engine runs
    private static int findTag(OneDnnLibrary library) {
        MethodHandle name = library.oneDnn("dnnl_fmt_tag2str", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        try {
            for (int tag = 0; tag < TAGS; tag++) {
                MemorySegment text = ((MemorySegment) name.invokeExact(tag)).reinterpret(64);
                if (text.getString(0).equals(PANELS)) {
                    return tag;
                }
            }
        } catch (Throwable e) {
            throw failed(e);
        }
        throw new IllegalStateException("This oneDNN has no layout " + PANELS);
    }

    /** Null where it is switched off, absent, or no gain. Loads 90 MB of code: ask only when there is work for it. */
    static @Nullable OneDnn get() {
        return Holder.INSTANCE;
    }

    /** For tests too: even where it is switched off or no gain. */
    static OneDnn open() {
        OneDnn found = get();
        return found != null ? found : new OneDnn(Objects.requireNonNull(OneDnnLibrary.get()));
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
            LOG.log(Level.DEBUG, used ? "Large products run on oneDNN" : "oneDNN has no bf16 hardware here; unused");
            return used ? oneDnn : null;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "oneDNN can't be used; large products stay in Java", e);
            return null;
        }
    }

    boolean multipliesBfloat16InHardware() {
        try {
            int bits = (int) isa.invokeExact();
            return (bits & ISA_AVX512_BF16) == ISA_AVX512_BF16 || (bits & ISA_AVX2_BF16) == ISA_AVX2_BF16;
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** A description of (rows, columns), row-major. Descriptions, plans and primitives are kept until the process ends. */
    MemorySegment rowMajor(int type, int rows, int columns) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            MemorySegment strides = sizes(arena, columns, 1);
            check((int) describeStrides.invokeExact(pointer, 2, sizes(arena, rows, columns), type, strides));
            return pointer.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** A description of bf16 (inputs, outputs) in the panels of {@link PackedMatrix}. */
    MemorySegment panels(int inputs, int outputs) {
        return tagged(BF16, inputs, outputs, panelTag);
    }

    /** A description of (inputs, outputs) that leaves the layout to oneDNN. */
    MemorySegment anyLayout(int type, int inputs, int outputs) {
        return tagged(type, inputs, outputs, ANY);
    }

    private MemorySegment tagged(int type, int inputs, int outputs, int tag) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            check((int) describeTag.invokeExact(pointer, 2, sizes(arena, inputs, outputs), type, tag));
            return pointer.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static MemorySegment sizes(Arena arena, long first, long second) {
        MemorySegment sizes = arena.allocate(JAVA_LONG, DIMENSIONS);
        sizes.setAtIndex(JAVA_LONG, 0, first);
        sizes.setAtIndex(JAVA_LONG, 1, second);
        return sizes;
    }

    MemorySegment plan(MemorySegment source, MemorySegment weights, MemorySegment destination) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            MemorySegment none = MemorySegment.NULL;
            check((int) planProduct.invokeExact(pointer, engine, source, weights, none, destination, attributes));
            return pointer.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    MemorySegment primitive(MemorySegment plan) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            check((int) createPrimitive.invokeExact(pointer, plan));
            return pointer.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Description of the working memory that a plan needs. */
    MemorySegment scratchpad(MemorySegment plan) {
        return query(plan, QUERY_SCRATCHPAD);
    }

    /** Description of the weights that a plan wants. */
    MemorySegment weights(MemorySegment plan) {
        return query(plan, QUERY_WEIGHTS);
    }

    private MemorySegment query(MemorySegment plan, int what) {
        try {
            return (MemorySegment) queryPlan.invokeExact(plan, what, 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    long bytes(MemorySegment description) {
        try {
            return (long) describedBytes.invokeExact(description);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    MemorySegment memory(MemorySegment description) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ADDRESS);
            MemorySegment none = MemorySegment.NULL;
            check((int) createMemory.invokeExact(pointer, description, engine, none));
            return pointer.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    void setData(MemorySegment memory, MemorySegment data) {
        try {
            check((int) setData.invokeExact(memory, data));
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** @param arguments an array of {int name; memory *} */
    void execute(MemorySegment primitive, int count, MemorySegment arguments) {
        try {
            setThreads.invokeExact(1);
            check((int) execute.invokeExact(primitive, stream, count, arguments));
            check((int) await.invokeExact(stream));
        } catch (Throwable e) {
            throw failed(e);
        }
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
