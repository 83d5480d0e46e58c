package dev.saccade.quickstart.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.saccade.quickstart.cli.ModelOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The emulated CUDA driver of {@code gpu-runtime}, for programs that are processes of their own: they find it as they would a real one. */
final class EmulatedGpu {

    private static final Path BUILD = ModelOptions.home().resolve("gpu-runtime/src/test/cuda/build");
    private static final Path LIBRARIES = ModelOptions.home().resolve("gpu-runtime/target/cuda-emulator");

    private EmulatedGpu() {}

    /** The environment of a program that finds the driver, but no device; a test is skipped where there is no g++. */
    static Map<String, String> withoutDevice() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(BUILD.toString(), "driver", LIBRARIES.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            Assumptions.assumeFalse(
                    said.contains("g++: command not found"), "g++ is not installed: no GPU is emulated");
            throw new IllegalStateException(BUILD + " failed:\n" + said);
        }
        return Map.of("LD_LIBRARY_PATH", LIBRARIES.toString());
    }

    /** @param launches kernels that are run; the next one breaks the device for good */
    static Map<String, String> thatBreaksAfter(int launches) throws IOException, InterruptedException {
        return with(Map.of("EMULATOR_LAUNCHES", Integer.toString(launches)));
    }

    static Map<String, String> withMemory(long bytes) throws IOException, InterruptedException {
        return with(Map.of("EMULATOR_MEMORY", Long.toString(bytes)));
    }

    private static Map<String, String> with(Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(withoutDevice());
        environment.put("EMULATOR_PLUGGED", "1");
        environment.put("SACCADE_WORKER_DEVICE", "cuda");
        environment.put("LOGGING_LEVEL_DEV_SACCADE_RUNTIME", "INFO");
        environment.putAll(more);
        return environment;
    }
}
