package dev.saccade.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.cpu.CpuDevice;
import dev.saccade.runtime.sampling.LogitRows;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class SteadyStepTest {

    /** A window onto the logits of each output row, and no more. */
    private static final long BYTES_OF_STEP = 128;

    /** Until the kernels are compiled, their vectors are objects. */
    private static final int MOST_STEPS = 20_000;

    private static final int STEPS = 20;

    @Test
    void aSteadyDecodeStepAllocatesNextToNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Checkpoint checkpoint = Checkpoint.open(DemoModel.model());
                CpuDevice device = new CpuDevice(Precision.BFLOAT16, 1)) {
            Decoder decoder = new Decoder(checkpoint, device, 16);
            DecoderStep step = new DecoderStep(
                    new int[] {5, 6},
                    new int[][] {{40, 90}, {40, 90}, {40, 90}},
                    new PagedRows(new int[] {40, 202}, new int[] {41, 91}, new int[] {0, 1, 2}, new int[][] {
                        {0, 1, 2}, {3, 4, 5, 6, 7, 12}
                    }),
                    RowKinds.ofAnswers(2),
                    List.of(),
                    new int[] {0, 1});
            long bytes = Long.MAX_VALUE;
            for (int i = 0; i < MOST_STEPS && bytes > STEPS * BYTES_OF_STEP; i += STEPS) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int j = 0; j < STEPS; j++) {
                    LogitRows logits = decoder.forward(step);
                    logits.row(0);
                    logits.row(1);
                }
                bytes = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(bytes).isLessThanOrEqualTo(STEPS * BYTES_OF_STEP);
        }
    }
}
