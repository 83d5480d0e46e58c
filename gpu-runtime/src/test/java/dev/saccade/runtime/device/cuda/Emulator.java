package dev.saccade.runtime.device.cuda;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The emulated driver of {@code src/test/cuda}: built by {@code build} there, and loaded before JCuda asks for libcuda.so.1,
 * which the dynamic linker then finds by its name among what is loaded.
 */
public final class Emulator {

    private static final Path SOURCES = Path.of("src/test/cuda");
    private static final Path BUILD = Path.of("target/cuda-emulator").toAbsolutePath();
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
            Assumptions.assumeFalse(isCompilerMissing(), "g++ is not installed: the CUDA kernels are not emulated");
            load();
        }
        plug("1");
        useKernels(BUILD.resolve("libkernels.so"));
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
        build("driver", BUILD.toString());
        System.load(BUILD.resolve("libcuda.so.1").toString());
        System.load(BUILD.resolve("libcublas.so.13").toString());
        library = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
    }

    /** Compiles {@code kernels.cu} of a folder, with what it includes, to a library that {@link #useKernels} takes. */
    static Path compileKernels(Path folder, String name) {
        return compile(folder.resolve("kernels.cu"), name);
    }

    /** The kernels that prove the emulator. */
    static Path compileProofs() {
        return compile(SOURCES.resolve("proofs.cu"), "libproofs.so");
    }

    private static Path compile(Path file, String name) {
        Path made = BUILD.resolve(name);
        build("kernels", file.toString(), made.toString());
        return made;
    }

    private static void build(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SOURCES.resolve("build").toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean isCompilerMissing() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, "g++")));
    }

    /** Devices that are opened from now on run these. */
    static void useKernels(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            call("emulator_use_kernels", arena.allocateFrom(path.toString()));
        }
    }

    /** What went wrong in a kernel, and where; empty where nothing did. */
    public static String failure() {
        return text("emulator_failure");
    }

    private static String text(String function) {
        try {
            MemorySegment text = (MemorySegment) Linker.nativeLinker()
                    .downcallHandle(find(function), FunctionDescriptor.of(ValueLayout.ADDRESS))
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

    /** From now on {@link #calls} has what is asked for. */
    static void noteCalls(boolean whether) {
        call("emulator_note_calls", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), whether ? 1 : 0);
    }

    /** A call that puts something on a stream, or waits for it. */
    record Call(int stream, String what) {}

    static List<Call> calls() {
        return text("emulator_calls")
                .lines()
                .map(line -> line.split(" ", 2))
                .map(line -> new Call(Integer.parseInt(line[0]), line[1]))
                .toList();
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
