package dev.saccade.runtime.device.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
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

    private static @Nullable SymbolLookup library;

    private Emulator() {}

    /** What a kernel did since the last {@link #reset}. */
    record Counters(long launches, long bytesRead, long bytesWritten, long flops) {}

    /**
     * Builds and loads it, the first time, and plugs its device in, until {@link #stop}; the kernels are those that ship. Tests
     * are skipped where there is no g++.
     */
    public static synchronized void start() {
        if (library == null) {
            Assumptions.assumeTrue(hasCompiler(), "g++ is not installed");
            load();
        }
        plug("1");
        useKernels(BUILD.resolve("libkernels.so"));
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

    private static boolean hasCompiler() {
        try {
            return new ProcessBuilder("g++", "--version")
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void load() {
        try {
            Files.createDirectories(BUILD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        compile(
                "libcuda.so.1",
                "-O2",
                "-Wl,-soname,libcuda.so.1",
                SOURCES.resolve("emulator.cpp").toString(),
                SOURCES.resolve("libcuda.cpp").toString(),
                "-pthread",
                "-ldl");
        compile(
                "libcublas.so.13",
                "-O3",
                "-ffast-math",
                "-Wl,-soname,libcublas.so.13",
                SOURCES.resolve("libcublas.cpp").toString(),
                "-L" + BUILD,
                "-l:libcuda.so.1",
                "-Wl,-rpath,$ORIGIN");
        compileKernels(KERNELS, "libkernels.so");
        System.load(BUILD.resolve("libcuda.so.1").toString());
        System.load(BUILD.resolve("libcublas.so.13").toString());
        library = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
    }

    /** Compiles the kernels of a folder to a library that {@link #useKernels} takes. */
    static Path compileKernels(Path folder, String name) {
        return compile(
                name,
                "-O1",
                "-Wno-unknown-pragmas",
                "-x",
                "c++",
                "-include",
                SOURCES.resolve("emulator.h").toString(),
                folder.resolve("kernels.cu").toString(),
                "-x",
                "none",
                "-L" + BUILD,
                "-l:libcuda.so.1",
                "-Wl,-rpath,$ORIGIN");
    }

    private static Path compile(String output, String... arguments) {
        Path library = BUILD.resolve(output);
        List<String> command =
                new ArrayList<>(List.of("g++", "-std=c++17", "-fPIC", "-shared", "-o", library.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException("g++ can't compile " + output + ":\n" + said);
            }
            return library;
        } catch (IOException e) {
            throw new IllegalStateException("g++ can't be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Devices that are opened from now on run these. */
    static void useKernels(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            call("emulator_use_kernels", arena.allocateFrom(path.toString()));
        }
    }

    /** What went wrong in a kernel, and where; empty where nothing did. */
    static String failure() {
        try {
            MemorySegment text = (MemorySegment) Linker.nativeLinker()
                    .downcallHandle(find("emulator_failure"), FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Forgets what was counted and what failed. */
    static void reset() {
        call("emulator_reset");
    }

    static Counters counters(String kernel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment counters = arena.allocate(ValueLayout.JAVA_LONG, 4);
            call("emulator_counters", arena.allocateFrom(kernel), counters);
            return new Counters(
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 0),
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 1),
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 2),
                    counters.getAtIndex(ValueLayout.JAVA_LONG, 3));
        }
    }

    private static void call(String function, MemorySegment... arguments) {
        FunctionDescriptor descriptor = FunctionDescriptor.ofVoid();
        for (int i = 0; i < arguments.length; i++) {
            descriptor = descriptor.appendArgumentLayouts(ValueLayout.ADDRESS);
        }
        try {
            Linker.nativeLinker().downcallHandle(find(function), descriptor).invokeWithArguments((Object[]) arguments);
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
