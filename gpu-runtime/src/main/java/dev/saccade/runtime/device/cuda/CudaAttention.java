package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.device.Heads;
import java.util.List;
import jcuda.driver.CUdevice_attribute;

/** Attention over the cache, and of patches. */
final class CudaAttention {

    private static final int THREADS = 128;
    private static final int WARPS = THREADS / 32;

    /** Query heads of a key-value head, at the most; {@code SHARING_HEADS} in decode_attention.cu. */
    private static final int SHARING_HEADS = 8;

    private static final int PADDING = 8; // of attention.cu

    static final List<Integer> PAGED_SIZES = List.of(32, 64, 128);
    static final List<Integer> SEGMENT_SIZES = List.of(16, 32, 64, 80, 128);

    // of hopper_attention.cu
    private static final int HOPPER = 9; // the major compute capability
    private static final int HOPPER_SIZE = 128;
    private static final int HOPPER_ROWS = 128;
    private static final int HOPPER_THREADS = 256;
    private static final int HOPPER_SHARED_BYTES = (2 + 3 * 2) * 64 * HOPPER_SIZE * Short.BYTES + 1024;

    private final CudaContext context;
    private final CudaMemory memory;
    private final boolean hopper;
    private long partials;
    private long partialBytes;
    private long arrived;
    private int arrivedCount;

    CudaAttention(CudaContext context, CudaMemory memory) {
        this.context = context;
        this.memory = memory;
        this.hopper = context.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) == HOPPER;
    }

    /** @throws DeviceException {@code unsupported-model} for heads that no kernel is made for */
    static void requireSupported(Heads heads) {
        if (!PAGED_SIZES.contains(heads.size()) || heads.query() / heads.keyValue() > SHARING_HEADS) {
            throw new DeviceException(
                    "unsupported-model",
                    "The GPU's kernels take heads of " + PAGED_SIZES + " values, up to " + SHARING_HEADS
                            + " query heads for a key-value head; this model has " + heads + ". Use device=cpu.");
        }
    }

    /** Rows of a prompt that a block of threads takes. */
    int tileRows(Heads heads) {
        return onHopper(heads) ? HOPPER_ROWS : StepStaging.TILE_ROWS;
    }

    private boolean onHopper(Heads heads) {
        return hopper && heads.size() == HOPPER_SIZE;
    }

    /** Makes room for a step; not while one is recorded. */
    void prepare(CudaStep step, Heads heads) {
        int counters = step.answers() * heads.keyValue();
        if (arrivedCount < counters) {
            arrivedCount = counters;
            arrived = memory.grow(arrived, (long) counters * Integer.BYTES, "attention");
            context.fillWithZeros(arrived, (long) counters * Integer.BYTES);
        }
        long values = (long) counters * StepStaging.MOST_PIECES * SHARING_HEADS * (heads.size() + 2);
        if (partialBytes < values * Float.BYTES) {
            partialBytes = values * Float.BYTES;
            partials = memory.grow(partials, partialBytes, "attention over long contexts");
        }
    }

    void paged(CudaBuffer qkv, Heads heads, CudaKeyValueCache cache, int layer, CudaStep step, CudaBuffer out) {
        float scale = scale(heads);
        if (step.answers() > 0) {
            int shared = WARPS * SHARING_HEADS * (heads.size() + 2) * Float.BYTES + Integer.BYTES;
            context.launch(
                    "decode_attention_" + heads.size(),
                    step.pieces(),
                    heads.keyValue(),
                    step.answers(),
                    THREADS,
                    shared,
                    qkv,
                    heads,
                    cache.layer(layer),
                    step.lengths(),
                    step.tables(),
                    step.tableOf(),
                    step.leastBlocks(),
                    scale,
                    partials,
                    arrived,
                    out);
        }
        if (step.tiles() > 0) {
            boolean onHopper = onHopper(heads);
            int valueTile = heads.size() * (StepStaging.TILE_ROWS + PADDING);
            context.launch(
                    (onHopper ? "hopper_attention_" : "paged_attention_") + heads.size(),
                    heads.query(),
                    step.tiles(),
                    1,
                    onHopper ? HOPPER_THREADS : THREADS,
                    onHopper ? HOPPER_SHARED_BYTES : sharedBytes(heads.size(), valueTile),
                    qkv,
                    heads,
                    cache.layer(layer),
                    step.tables(),
                    step.tileList(),
                    scale,
                    out);
        }
    }

    void segments(CudaBuffer qkv, Heads heads, long tileList, int tiles, CudaBuffer out) {
        if (!SEGMENT_SIZES.contains(heads.size())) {
            throw new DeviceException(
                    "unsupported-model",
                    "The GPU's kernels take vision heads of " + SEGMENT_SIZES + " values; this model has "
                            + heads.size() + ". Use device=cpu.");
        }
        context.launch(
                "segment_attention_" + heads.size(),
                heads.query(),
                tiles,
                1,
                THREADS,
                sharedBytes(heads.size(), keyTile(heads.size())),
                qkv,
                heads,
                tileList,
                scale(heads),
                out);
    }

    /** Queries, and twice keys and values. */
    private static int sharedBytes(int size, int valueTile) {
        return (keyTile(size) + 2 * (keyTile(size) + valueTile)) * Short.BYTES;
    }

    private static int keyTile(int size) {
        return StepStaging.TILE_ROWS * (size + PADDING);
    }

    private static float scale(Heads heads) {
        return (float) (1 / Math.sqrt(heads.size()));
    }
}
