package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.StagedRows;
import dev.saccade.runtime.device.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No rows are no work, for every operation: nothing is refused, nothing is written. */
class EmptyBatchTest {

    private static final int WIDTH = 128;
    private static final Heads HEADS = new Heads(2, 1, 64);
    private static final float UNTOUCHED = 3;

    private static CudaDevice device;

    /** Everything that a device does to rows. */
    private enum Operation {
        LOOK_UP,
        COPY_ROWS,
        NORMALIZE,
        LINEAR,
        LINEAR_SWIGLU,
        SWIGLU,
        GELU,
        ROTATE,
        ROTATE_AND_CACHE,
        LINEAR_ROTATE_AND_CACHE,
        PAGED_ATTENTION,
        SEGMENT_ATTENTION,
        DRAW
    }

    @BeforeAll
    static void open() {
        Emulator.start();
        device = new CudaDevice();
    }

    @AfterAll
    static void close() {
        device.close();
        Emulator.stop();
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyBatchIsNoWork(Operation operation) {
        DeviceBuffer plain = filled(device.allocate(WIDTH));
        DeviceBuffer operand = filled(device.operand(2 * WIDTH));

        run(operation, plain, operand);

        assertThat(values(plain)).containsOnly(UNTOUCHED);
        assertThat(values(operand)).containsOnly(UNTOUCHED);
        assertThat(Emulator.failure()).isEmpty();
    }

    private static void run(Operation operation, DeviceBuffer plain, DeviceBuffer operand) {
        Random random = new Random(1);
        RowKinds none = RowKinds.ofAnswers(0);
        Table table = device.table(KernelCases.tensor(random, 4, WIDTH));
        Matrix square = device.matrix(List.of(KernelCases.tensor(random, WIDTH, WIDTH)));
        Matrix paired = device.matrix(List.of(KernelCases.tensor(random, 2 * WIDTH, WIDTH)));
        DeviceBuffer weight = device.vector(List.of(KernelCases.tensor(random, WIDTH)));
        KeyValueCache cache = device.keyValueCache(1, HEADS, 1);
        StagedRows rows = device.stage(new PagedRows(new int[0], new int[0], new int[] {0}, new int[0][]), none);
        switch (operation) {
            case LOOK_UP -> device.lookUp(table, new int[0], plain);
            case COPY_ROWS -> device.copyRows(operand, new int[0], plain, new int[0], WIDTH);
            case NORMALIZE -> device.addAndNormalize(plain, plain, weight, 1e-6f, 0, operand);
            case LINEAR -> device.linear(operand, none, square, weight, plain);
            case LINEAR_SWIGLU -> device.linearSwiglu(operand, none, paired, null, operand, operand);
            case SWIGLU -> device.swiglu(operand, 0, WIDTH, operand);
            case GELU -> device.gelu(operand, 0);
            case ROTATE -> device.rotate(operand, 0, HEADS, plain);
            case ROTATE_AND_CACHE -> device.rotateAndCache(operand, HEADS, plain, cache, 0, rows);
            case LINEAR_ROTATE_AND_CACHE ->
                device.linearRotateAndCache(operand, none, paired, null, HEADS, plain, cache, 0, rows, operand);
            case PAGED_ATTENTION -> device.pagedAttention(operand, HEADS, cache, 0, rows, operand);
            case SEGMENT_ATTENTION -> device.segmentAttention(operand, HEADS, new int[] {0}, operand);
            case DRAW -> device.draw(plain, WIDTH, List.of(), new int[0]);
        }
    }

    private static DeviceBuffer filled(DeviceBuffer buffer) {
        float[] values = new float[buffer.floats()];
        Arrays.fill(values, UNTOUCHED);
        device.write(values, 0, values.length, buffer);
        return buffer;
    }

    private static float[] values(DeviceBuffer buffer) {
        float[] values = new float[buffer.floats()];
        device.read(buffer, values.length, values);
        return values;
    }
}
