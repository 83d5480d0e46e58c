package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.device.Heads;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel that only Hopper runs, on an emulated one: against the CPU device, and what it computes against the formula. */
class HopperAttentionTest {

    private static final Heads HEADS = new Heads(4, 2, 128);

    private static BothDevices devices;

    @BeforeAll
    static void open() {
        devices = new BothDevices(Emulator.HOPPER);
    }

    @AfterAll
    static void close() {
        devices.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0",
        "15, 0",
        "16, 0",
        "17, 0",
        "63, 0",
        "64, 0",
        "65, 0",
        "100, 0",
        "128, 0",
        "129, 0",
        "200, 0",
        "1, 75",
        "16, 64",
        "17, 63",
        "64, 64",
        "65, 75",
        "128, 128",
        "130, 75",
        "200, 31"
    })
    void aPromptsRowsAgreeWithTheCpuDevice(int rows, int before) {
        devices.assertAgree(KernelCases.prefill(HEADS, before, rows));

        Emulator.Counters counted = Emulator.counters("hopper_attention_128");
        assertThat(counted.launches()).isPositive();
        assertThat(counted.flops()).isEqualTo((long)
                KernelCosts.hopperAttention(rows, before, HEADS).flops());
    }
}
