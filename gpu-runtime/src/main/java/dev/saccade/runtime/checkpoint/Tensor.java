package dev.saccade.runtime.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One stored tensor: row-major, little endian, read-only and memory-mapped. The data may begin at any byte, so it is read
 * with unaligned layouts, and it lives until its {@link Checkpoint} is closed.
 *
 * @param name canonical name, e.g. {@code model.layers.0.self_attn.q_proj.weight}
 * @param shape sizes from the outermost to the innermost dimension
 * @param data {@code elements() * dtype().bytes()} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; the engine reads the shape in place
public record Tensor(String name, DType dtype, int[] shape, MemorySegment data) {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Number of values. */
    public long elements() {
        long elements = 1;
        for (int side : shape) {
            elements *= side;
        }
        return elements;
    }

    /** The value at a row-major index, widened to float32. */
    public float get(long index) {
        return switch (dtype) {
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2 * index) << 16);
            case F16 -> Float.float16ToFloat(data.get(SHORT, 2 * index));
            case F32 -> data.get(FLOAT, 4 * index);
        };
    }

    /** All values widened to float32; for tensors of less than 2^31 elements. */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = get(i);
        }
        return values;
    }
}
