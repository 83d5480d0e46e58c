package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.PackedMatrix.PANEL;

import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Brings row-major weights of a checkpoint into the panels of {@link PackedMatrix}. */
final class MatrixPacker {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final ComputePool pool;

    MatrixPacker(Arena arena, ComputePool pool) {
        this.arena = arena;
        this.pool = pool;
    }

    /** Packs tensors (outputs_i, inputs_i...), stacked over their outputs; inner dimensions are flattened. */
    PackedMatrix pack(List<Tensor> stacked, boolean bfloat16) {
        int outputs = stacked.stream().mapToInt(tensor -> tensor.shape()[0]).sum();
        int inputs = Math.toIntExact(
                stacked.getFirst().elements() / stacked.getFirst().shape()[0]);
        long panelBytes = PackedMatrix.panelBytes(inputs, bfloat16);
        MemorySegment data = arena.allocate(PackedMatrix.bytes(outputs, inputs, bfloat16), 64);
        pool.loop(Math.ceilDiv(outputs, PANEL), (long) inputs * PANEL, (worker, from, to) -> {
            for (int panel = from; panel < to; panel++) {
                MemorySegment target = data.asSlice(panel * panelBytes, panelBytes);
                packPanel(stacked, panel * PANEL, Math.min(PANEL, outputs - panel * PANEL), inputs, bfloat16, target);
            }
        });
        return new PackedMatrix(outputs, inputs, bfloat16, data);
    }

    private static void packPanel(
            List<Tensor> stacked, int firstOutput, int count, int inputs, boolean bfloat16, MemorySegment target) {
        int[] words = new int[(int) (target.byteSize() / 4)];
        short[] row = new short[inputs + 1]; // one more, so that an odd last input pairs with zero
        for (int lane = 0; lane < count; lane++) {
            int output = firstOutput + lane;
            int part = 0;
            while (output >= stacked.get(part).shape()[0]) {
                output -= stacked.get(part++).shape()[0];
            }
            Tensor tensor = stacked.get(part);
            if (bfloat16) {
                readBfloat16(tensor, (long) output * inputs, inputs, row);
                for (int i = 0; i < inputs; i += 2) {
                    words[i / 2 * PANEL + lane] = (row[i] & 0xffff) | (row[i + 1] << 16);
                }
            } else {
                for (int i = 0; i < inputs; i++) {
                    words[i * PANEL + lane] = Float.floatToRawIntBits(tensor.get((long) output * inputs + i));
                }
            }
        }
        MemorySegment.copy(words, 0, target, ValueLayout.JAVA_INT, 0, words.length);
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
