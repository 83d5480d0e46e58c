package dev.saccade.runtime.device.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Turns bytes into functions. The memory is never writable and executable at once, and stays until the process ends. */
public final class MachineCode {

    // numbers of Linux on x86-64
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    private MachineCode() {}

    /**
     * A function of two pointers without a result, {@code (MemorySegment, MemorySegment)void}. Both may point into the heap,
     * which stands still meanwhile: it has to be short.
     *
     * @throws IllegalStateException where the system gives no memory that may be executed
     */
    @SuppressWarnings("restricted") // native access is granted wherever the engine runs
    public static MethodHandle function(byte[] code) {
        MethodHandle map = call("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
        MethodHandle protect = call("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        try {
            long bytes = code.length;
            MemorySegment memory =
                    (MemorySegment) map.invokeExact(MemorySegment.NULL, bytes, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (memory.address() == -1) {
                throw new IllegalStateException("mmap gives no memory for code");
            }
            MemorySegment.copy(code, 0, memory.reinterpret(bytes), ValueLayout.JAVA_BYTE, 0, code.length);
            if ((int) protect.invokeExact(memory, bytes, READ | EXECUTE) != 0) {
                throw new IllegalStateException("The system refuses memory that may be executed");
            }
            return Linker.nativeLinker()
                    .downcallHandle(memory, FunctionDescriptor.ofVoid(ADDRESS, ADDRESS), Linker.Option.critical(true));
        } catch (Throwable e) {
            throw e instanceof RuntimeException known ? known : new IllegalStateException("mmap can't be called", e);
        }
    }

    static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }
}
