package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.DeviceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Large zeroed memory from the C library: pages that are never written take no room, and the heap's limit doesn't count
 * it, which it does for {@link Arena#allocate}.
 */
final class NativeMemory {

    private static final long ALIGNMENT = 64;

    /** Pages are given when they are first written, so that a large cache must be refused before. */
    private static final long WORTH_ASKING = 64L << 20;

    private static final MethodHandle CALLOC;
    private static final MethodHandle FREE;

    static {
        Linker linker = Linker.nativeLinker();
        AddressLayout pointer = ValueLayout.ADDRESS;
        ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
        CALLOC = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("calloc"), FunctionDescriptor.of(pointer, size, size));
        FREE = linker.downcallHandle(linker.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(pointer));
    }

    private NativeMemory() {}

    /**
     * Zeroed memory that is freed with the arena, aligned to 64 bytes.
     *
     * @param purpose for the message, e.g. {@code the KV cache}
     * @throws DeviceException {@code out-of-memory} where the system has not so much
     */
    static MemorySegment allocate(Arena arena, long bytes, String purpose, String advice) {
        if (bytes > WORTH_ASKING && bytes > available()) {
            throw lacking(bytes, purpose, advice);
        }
        MemorySegment memory;
        try {
            memory = (MemorySegment) CALLOC.invokeExact(bytes + ALIGNMENT, 1L);
        } catch (Throwable e) {
            throw new IllegalStateException("calloc can't be called", e);
        }
        if (memory.address() == 0) {
            throw lacking(bytes, purpose, advice);
        }
        MemorySegment whole = memory.reinterpret(bytes + ALIGNMENT, arena, NativeMemory::free);
        long padding = -memory.address() & (ALIGNMENT - 1);
        return whole.asSlice(padding, bytes);
    }

    private static DeviceException lacking(long bytes, String purpose, String advice) {
        return new DeviceException(
                "out-of-memory", "The system has no " + bytes / 1_000_000 + " MB for " + purpose + "; " + advice);
    }

    /** What Linux could give without swapping; elsewhere unknown, thus unlimited. */
    private static long available() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException | UncheckedIOException e) {
            return Long.MAX_VALUE;
        }
    }

    private static void free(MemorySegment memory) {
        try {
            FREE.invokeExact(memory);
        } catch (Throwable e) {
            throw new IllegalStateException("free can't be called", e);
        }
    }
}
