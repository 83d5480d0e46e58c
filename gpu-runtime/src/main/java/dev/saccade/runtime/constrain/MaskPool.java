package dev.saccade.runtime.constrain;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Equal masks of a constraint are one array: states of the copies of an array's item, for one, have the same tokens. */
final class MaskPool {

    private final long maxBytes;
    private final Map<Content, long[]> masks = new HashMap<>();
    private long bytes;

    private record Content(long[] mask) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content content && Arrays.equals(mask, content.mask);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(mask);
        }
    }

    MaskPool(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The array that stands for all masks of this content. */
    synchronized long[] share(long[] mask) {
        long[] known = masks.putIfAbsent(new Content(mask), mask);
        if (known != null) {
            return known;
        }
        bytes += 8L * mask.length + 64;
        return mask;
    }

    synchronized boolean isFull() {
        return bytes > maxBytes;
    }

    synchronized void clear() {
        masks.clear();
        bytes = 0;
    }

    synchronized long bytes() {
        return bytes;
    }
}
