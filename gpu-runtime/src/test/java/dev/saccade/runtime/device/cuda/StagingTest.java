package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The emulated driver takes an upload from the host's memory as late as it may. */
class StagingTest {

    private static final int COUNT = 700_000; // three of them fill the page-locked memory
    private static final int UPLOADS = 8;

    @BeforeAll
    static void start() {
        Emulator.start();
    }

    @AfterAll
    static void stop() {
        Emulator.stop();
    }

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
