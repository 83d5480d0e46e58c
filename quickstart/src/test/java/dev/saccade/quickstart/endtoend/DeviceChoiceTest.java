package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.SaccadeCli;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the user is told where there is no GPU, or one that is too small. */
class DeviceChoiceTest {

    private static final String NO_DRIVER = "there is no NVIDIA driver (libcuda.so.1 is not found)";
    private static final String NO_DEVICE = "the NVIDIA driver sees no device";

    @Test
    void withoutADriverTheProcessorIsTakenAndOneLineSaysWhy() throws Exception {
        requireNoDriver();
        try (JavaChild ask = ask("auto", Map.of())) {
            assertThat(ask.awaitExit()).as(ask.printed()).isZero();
            assertThat(CommandLineTest.messages(ask))
                    .containsExactly("saccade: The model runs on the processor: " + NO_DRIVER);
        }
    }

    @Test
    void withoutADriverAGpuThatIsAskedForIsRefusedInOneLine() throws Exception {
        requireNoDriver();
        try (JavaChild ask = ask("cuda", Map.of())) {
            assertThat(ask.awaitExit()).isEqualTo(2);
            assertThat(CommandLineTest.messages(ask))
                    .containsExactly("saccade: device=cuda can't be used: " + NO_DRIVER + ".");
        }
    }

    @Test
    void aDriverThatSeesNoDeviceIsToldFromNone() throws Exception {
        try (JavaChild ask = ask("auto", EmulatedGpu.withoutDevice())) {
            assertThat(ask.awaitExit()).as(ask.printed()).isZero();
            assertThat(CommandLineTest.messages(ask))
                    .containsExactly("saccade: The model runs on the processor: " + NO_DEVICE);
        }
        try (JavaChild ask = ask("cuda", EmulatedGpu.withoutDevice())) {
            assertThat(ask.awaitExit()).isEqualTo(2);
            assertThat(CommandLineTest.messages(ask))
                    .containsExactly("saccade: device=cuda can't be used: " + NO_DEVICE + ".");
        }
    }

    @Test
    void aGpuWithTooLittleMemoryIsRefusedWithThePlanAndWhatWouldFit() throws Exception {
        try (JavaChild ask = ask("cuda", EmulatedGpu.withMemory(1_000_000_000))) {
            assertThat(ask.awaitExit()).isEqualTo(2);
            assertThat(ask.printed())
                    .contains("saccade: The model does not fit emulated device:")
                    .containsPattern("weights, bf16 +0\\.01 GB")
                    .containsPattern("memory +0\\.\\d+ GB")
                    .contains("It does not fit, whatever the cache: take a larger GPU, or fewer sequences.");
        }
    }

    private static JavaChild ask(String device, Map<String, String> environment) throws Exception {
        String image = ModelOptions.home()
                .resolve("gpu-runtime/demo-clips/image/clips/image_000.jpg")
                .toString();
        return JavaChild.start(
                SaccadeCli.class.getName(),
                environment,
                "ask",
                image,
                "What is it?",
                "--device",
                device,
                "--max-tokens",
                "4");
    }

    private static void requireNoDriver() {
        boolean found = true;
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup("libcuda.so.1", arena);
        } catch (IllegalArgumentException e) {
            found = false;
        }
        Assumptions.assumeFalse(found, "this machine has an NVIDIA driver");
    }
}
