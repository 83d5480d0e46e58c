package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.PackedMatrix.PANEL;

import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.FiniteWeights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings row-major weights of a checkpoint into the panels of {@link PackedMatrix}: tensors (outputs_i, inputs_i...),
 * stacked over their outputs, inner dimensions flattened.
 */
final class MatrixPacker {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Inputs that are interleaved at once: even, and 8 KiB of a panel. */
    private static final int BLOCK = 256;

    private final List<Tensor> stacked;
    private final boolean bfloat16;
    private final int outputs;
    private final int inputs;
    private final AtomicReference<@Nullable String> notFinite = new AtomicReference<>();

    MatrixPacker(List<Tensor> stacked, boolean bfloat16) {
        this.stacked = stacked;
        this.bfloat16 = bfloat16;
        this.outputs = stacked.stream().mapToInt(tensor -> tensor.shape()[0]).sum();
        this.inputs = Math.toIntExact(
                stacked.getFirst().elements() / stacked.getFirst().shape()[0]);
    }

    /** Where packed groups go; called by several threads, in any order of the groups. */
    @FunctionalInterface
    interface Sink {
        /** @param words one group of panels; the array is used again after the call */
        void write(int group, int[] words);
    }

    long bytes() {
        return PackedMatrix.bytes(outputs, inputs, bfloat16);
    }

    /** The matrix whose panels lie in {@code data}. */
    PackedMatrix matrix(MemorySegment data) {
        return new PackedMatrix(outputs, inputs, bfloat16, data);
    }

    /**
     * Packs group after group, so that no more than a group for each thread is in the heap.
     *
     * @throws ModelException {@code not-finite} where a weight is NaN or infinite
     */
    void pack(ComputePool pool, Sink sink) {
        int words = Math.toIntExact(PackedMatrix.GROUP * PackedMatrix.panelBytes(inputs, bfloat16) / 4);
        int[][] own = new int[pool.threads()][];
        pool.loop(PackedMatrix.groups(outputs), (long) inputs * PackedMatrix.GROUP_OUTPUTS, (worker, from, to) -> {
            for (int group = from; group < to; group++) {
                if (own[worker] == null) {
                    own[worker] = new int[words];
                }
                Arrays.fill(own[worker], 0);
                for (int panel = 0; panel < PackedMatrix.GROUP; panel++) {
                    int first = (group * PackedMatrix.GROUP + panel) * PANEL;
                    packPanel(
                            first,
                            Math.clamp(outputs - first, 0, PANEL),
                            own[worker],
                            panel * (words / PackedMatrix.GROUP));
                }
                sink.write(group, own[worker]);
            }
        });
        String refused = notFinite.get();
        if (refused != null) {
            throw FiniteWeights.refused(refused);
        }
    }

    /** Packs into memory of the matrix's size. */
    PackedMatrix packInto(MemorySegment data, ComputePool pool) {
        pack(
                pool,
                (group, words) -> MemorySegment.copy(
                        words, 0, data, ValueLayout.JAVA_INT, 4L * group * words.length, words.length));
        return matrix(data);
    }

    private void packPanel(int firstOutput, int count, int[] words, int at) {
        if (!bfloat16) {
            for (int lane = 0; lane < count; lane++) {
                Row row = row(firstOutput + lane);
                packFloat32(row.tensor, row.from, words, at + lane);
            }
            return;
        }
        short[][] rows = new short[count][inputs + 1]; // one more, so that an odd last input pairs with zero
        for (int lane = 0; lane < count; lane++) {
            Row row = row(firstOutput + lane);
            readBfloat16(row.tensor, row.from, inputs, rows[lane]);
            if (!FiniteWeights.allFinite(rows[lane], inputs)) {
                notFinite.compareAndSet(null, row.tensor.name());
            }
        }
        for (int first = 0; first < inputs; first += BLOCK) { // what is written stays in the first-level cache
            int end = Math.min(inputs, first + BLOCK);
            for (int lane = 0; lane < count; lane++) {
                interleave(rows[lane], first, end, words, at + lane);
            }
        }
    }

    /** A row of one of the stacked tensors. */
    private record Row(Tensor tensor, long from) {}

    private Row row(int output) {
        int within = output;
        int part = 0;
        while (within >= stacked.get(part).shape()[0]) {
            within -= stacked.get(part++).shape()[0];
        }
        return new Row(stacked.get(part), (long) within * inputs);
    }

    private static void interleave(short[] row, int first, int end, int[] words, int at) {
        for (int i = first; i < end; i += 2) {
            words[at + i / 2 * PANEL] = (row[i] & 0xffff) | (row[i + 1] << 16);
        }
    }

    private void packFloat32(Tensor tensor, long from, int[] words, int at) {
        for (int i = 0; i < inputs; i++) {
            float value = tensor.get(from + i);
            if (!Float.isFinite(value)) {
                notFinite.compareAndSet(null, tensor.name());
            }
            words[at + i * PANEL] = Float.floatToRawIntBits(value);
        }
    }

    private static void readBfloat16(Tensor tensor, long from, int count, short[] row) {
        if (tensor.dtype() == DType.BF16) {
            MemorySegment.copy(tensor.data(), SHORT, 2 * from, row, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            row[i] = (short) Lanes.toBfloat16(tensor.get(from + i));
        }
    }
}
