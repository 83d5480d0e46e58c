package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;

/**
 * Keys and values in bf16: (layers, blocks, heads, part), a part being a head's 16 keys, (16, size), then its values
 * transposed, (size, 16).
 */
record CudaKeyValueCache(long address, int layers, Heads heads, int blocks) implements KeyValueCache {

    static int blockValues(Heads heads) {
        return 2 * BLOCK_TOKENS * heads.keyValue() * heads.size();
    }

    static long bytes(int layers, Heads heads, int blocks) {
        return (long) layers * blocks * blockValues(heads) * Short.BYTES;
    }

    long layerValues() {
        return (long) blocks * blockValues(heads);
    }

    long layer(int layer) {
        return address + layer * layerValues() * Short.BYTES;
    }
}
