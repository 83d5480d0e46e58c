package dev.saccade.runtime.device.cpu;

import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Hints to Linux about mapped files. Where they are refused or unknown, everything works as without, only slower. */
final class MemoryAdvice {

    private static final System.Logger LOG = System.getLogger(MemoryAdvice.class.getName());
    private static final long PAGE = 4096;
    private static final int WILL_NEED = 3; // MADV_WILLNEED
    private static final int PAGE_OUT = 21; // MADV_PAGEOUT

    private static final class Holder {
        static final @Nullable MethodHandle ADVISE = find();
    }

    private MemoryAdvice() {}

    /** Begins to read the file ahead of its use. */
    static void willNeed(MemorySegment mapped) {
        advise(mapped, WILL_NEED);
    }

    /** Gives the file's memory back: it isn't needed again soon. */
    static void dropPages(MemorySegment mapped) {
        advise(mapped, PAGE_OUT);
    }

    @SuppressWarnings("restricted") // native access is granted wherever the engine runs
    private static void advise(MemorySegment mapped, int advice) {
        MethodHandle advise = mapped.isNative() && mapped.byteSize() > 0 ? Holder.ADVISE : null;
        if (advise == null) {
            return;
        }
        long from = mapped.address() / PAGE * PAGE;
        long bytes = mapped.address() + mapped.byteSize() - from;
        try {
            int status = (int) advise.invokeExact(MemorySegment.ofAddress(from), bytes, advice);
            LOG.log(Level.TRACE, "madvise answers {0}", status);
        } catch (Throwable e) {
            throw new IllegalStateException("madvise can't be called", e);
        }
    }

    @SuppressWarnings("restricted") // native access is granted wherever the engine runs
    private static @Nullable MethodHandle find() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
            return null;
        }
        FunctionDescriptor type = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
        return Linker.nativeLinker()
                .defaultLookup()
                .find("madvise")
                .map(address -> Linker.nativeLinker().downcallHandle(address, type))
                .orElse(null);
    }
}
