package dev.saccade.runtime.device.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The emulated driver of {@code src/test/cuda}: built by g++ once for a JVM, and loaded before JCuda asks for libcuda.so.1,
 * which the dynamic linker then finds by its name among what is loaded.
 */
public final class Emulator {

    private static final Path KERNELS = Path.of("src/main/cuda");
    private static final Path SOURCES = Path.of("src/test/cuda");
    private static final Path BUILD = Path.of("target/cuda-emulator").toAbsolutePath();
    private static final Compiler COMPILER = new Compiler(BUILD);
    private static final List<String> BESIDE_THE_DRIVER =
            List.of("-L" + BUILD, "-l:libcuda.so.1", "-Wl,-rpath,$ORIGIN");
    private static final int FIRST_SEED = 1;
    static final int AMPERE = 8;
    static final int HOPPER = 9;
    private static final long MEMORY_BYTES = 6L << 30;

    private static @Nullable SymbolLookup library;

    private Emulator() {}

    /**
     * What a kernel, or a call of the driver, did since the last {@link #reset}.
     *
     * @param bytesFetched of what was read, what memory must give: sectors of 32 bytes, each once a launch; where they are counted
     */
    record Counters(long launches, long bytesRead, long bytesWritten, long flops, long bytesFetched) {}

    /**
     * Builds and loads it, the first time, and plugs its device in, until {@link #stop}; the kernels are those that ship. Tests
     * are skipped where there is no g++.
     */
    public static synchronized void start() {
        if (library == null) {
            Assumptions.assumeFalse(Compiler.isMissing(), "g++ is not installed: the CUDA kernels are not emulated");
            load();
        }
        plug("1");
        useKernels(compileKernels(KERNELS, "libkernels.so"));
        seed(FIRST_SEED);
        setMemory(MEMORY_BYTES);
        setGeneration(AMPERE);
        reset();
    }

    /** Other tests of this JVM find no device. */
    public static synchronized void stop() {
        if (library != null) {
            plug("");
        }
    }

    private static void plug(String in) {
        try (Arena arena = Arena.ofConfined()) {
            call("emulator_plug", arena.allocateFrom(in));
        }
    }

    private static void load() {
        Path driver = COMPILER.library(
                "libcuda.so.1",
                List.of(SOURCES),
                List.of(
                        "-O3",
                        "-march=native",
                        "-Wl,-soname,libcuda.so.1",
                        source("launches.cpp"),
                        source("cores.cpp"),
                        source("fibers.cpp"),
                        source("meetings.cpp"),
                        source("accesses.cpp"),
                        source("fragments.cpp"),
                        source("libcuda.cpp"),
                        source("beside.cpp"),
                        source("unsupported.cpp"),
                        "-pthread",
                        "-ldl"));
        List<String> arguments = new ArrayList<>(
                List.of("-O3", "-march=native", "-ffast-math", "-Wl,-soname,libcublas.so.13", source("libcublas.cpp")));
        arguments.addAll(BESIDE_THE_DRIVER);
        Path products = COMPILER.library("libcublas.so.13", List.of(SOURCES), arguments);
        System.load(driver.toString());
        System.load(products.toString());
        library = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
    }

    /** Compiles {@code kernels.cu} of a folder, with what it includes, to a library that {@link #useKernels} takes. */
    static Path compileKernels(Path folder, String name) {
        return compileKernels(folder, "kernels.cu", name);
    }

    /** The kernels that prove the emulator. */
    static Path compileProofs() {
        return compileKernels(SOURCES, "proofs.cu", "libproofs.so");
    }

    private static Path compileKernels(Path folder, String file, String name) {
        List<String> arguments = new ArrayList<>(List.of(
                "-O2",
                "-Wno-unknown-pragmas",
                "-x",
                "c++",
                "-include",
                source("emulator.h"),
                folder.resolve(file).toString(),
                "-x",
                "none"));
        arguments.addAll(BESIDE_THE_DRIVER);
        return COMPILER.library(name, List.of(SOURCES, KERNELS, folder), arguments);
    }

    private static String source(String name) {
        return SOURCES.resolve(name).toString();
    }

    /** Devices that are opened from now on run these. */
    static void useKernels(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            call("emulator_use_kernels", arena.allocateFrom(path.toString()));
        }
    }

    /** What went wrong in a kernel, and where; empty where nothing did. */
    public static String failure() {
        try {
            MemorySegment text = (MemorySegment) Linker.nativeLinker()
                    .downcallHandle(find("emulator_failure"), FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The order of threads and blocks, from now on as if nothing had run before; positive. */
    static void seed(int seed) {
        call("emulator_seed", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), seed);
    }

    /** Whether {@link Counters#bytesFetched} is counted, which takes time. */
    static void countSectors(boolean whether) {
        call("emulator_count_sectors", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), whether ? 1 : 0);
    }

    /** Major compute capability of devices that are opened from now on. */
    static void setGeneration(int major) {
        call("emulator_set_generation", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), major);
    }

    /** How much memory the device has. */
    static void setMemory(long bytes) {
        call("emulator_set_memory", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), bytes);
    }

    /** Forgets what was counted and what failed; the context works again. */
    static void reset() {
        call("emulator_reset");
    }

    static Counters counters(String kernel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counters = arena.allocate(ValueLayout.JAVA_LONG, 5);
            call("emulator_counters", arena.allocateFrom(kernel), counters);
            return new Counters(
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 0),
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 1),
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 2),
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 3),
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 4));
        }
    }

    private static void call(String function, MemorySegment... arguments) {
        FunctionDescriptor descriptor = FunctionDescriptor.ofVoid();
        for (int i = 0; i < arguments.length; i++) {
            descriptor = descriptor.appendArgumentLayouts(ValueLayout.ADDRESS);
        }
        call(function, descriptor, (Object[]) arguments);
    }

    private static void call(String function, FunctionDescriptor descriptor, Object... arguments) {
        try {
            Linker.nativeLinker().downcallHandle(find(function), descriptor).invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MemorySegment find(String function) {
        if (library == null) {
            throw new IllegalStateException("start the emulator first");
        }
        return library.findOrThrow(function);
    }
}
