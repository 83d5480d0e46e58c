package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Uploads cross on a stream of their own; the emulated driver lets them go as early or as late as events allow. */
@ExtendWith(EmulatedGpu.class)
class StagingTest {

    private static final int COUNT = 300_000; // three of them fill a half of the page-locked memory
    private static final int UPLOADS = 8;

    @Test
    void whatIsUploadedArrivesThoughTheSourceChangesAndTheMemoryIsUsedAgain() {
        try (CudaContext context = new CudaContext();
                Staging staging = new Staging(context)) {
            long memory = context.allocate((long) UPLOADS * COUNT * Integer.BYTES, "a test");
            int[] values = new int[COUNT];
            Emulator.reset();
            for (int i = 0; i < UPLOADS; i++) {
                Arrays.fill(values, i + 1);
                staging.upload(values, COUNT, memory + (long) i * COUNT * Integer.BYTES);
            }
            assertThat(Emulator.counters("cuEventSynchronize").launches()).isBetween(1L, UPLOADS / 2L);

            int[] arrived = new int[UPLOADS * COUNT];
            staging.download(memory, arrived.length, arrived);

            for (int i = 0; i < UPLOADS; i++) {
                assertThat(Arrays.stream(arrived, i * COUNT, (i + 1) * COUNT).distinct())
                        .containsExactly(i + 1);
            }
            context.free(memory);
        }
    }
}
