package dev.saccade.runtime.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import org.junit.jupiter.api.Test;

class CacheMemoryTest {

    private static final Heads HEADS_OF_7B = new Heads(28, 4, 128);
    private static final int LAYERS_OF_7B = 28;

    @Test
    void aTokenOfThe7BModelTakes57344Bytes() {
        try (CpuDevice device = new CpuDevice(Precision.BFLOAT16, 1)) {
            assertThat(device.keyValueBlockBytes(LAYERS_OF_7B, HEADS_OF_7B) / KeyValueCache.BLOCK_TOKENS)
                    .isEqualTo(57_344);
        }
    }

    @Test
    void aCacheTakesNoHeap() {
        int blocks = 2048; // 1.9 GB, of which one block is written
        try (CpuDevice device = new CpuDevice(Precision.BFLOAT16, 1)) {
            KeyValueCache cache = device.keyValueCache(LAYERS_OF_7B, HEADS_OF_7B, blocks);

            device.copyBlock(cache, 0, blocks - 1);

            assertThat(cache.blocks()).isEqualTo(blocks);
        }
    }

    @Test
    void aCacheBeyondTheMachineIsRefusedWithItsSize() {
        try (CpuDevice device = new CpuDevice(Precision.BFLOAT16, 1)) {
            assertThatThrownBy(() -> device.keyValueCache(LAYERS_OF_7B, HEADS_OF_7B, 1 << 26))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("61572651 MB for a KV cache of 1073741824 tokens")
                    .hasMessageContaining("give the cache fewer tokens");
        }
    }
}
