package dev.saccade.runtime.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.runtime.device.cpu.machine.Processor;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * What figures were measured on.
 *
 * @param processor as the operating system names it
 * @param threads that compute
 * @param vectorInstructions of interest to the kernels, e.g. {@code avx512f}
 * @param bfloat16Hardware the processor multiplies bf16 values itself
 * @param loadAverage of the last minute, when measuring began; the run's own threads count from then on
 * @param java version of the virtual machine
 */
public record Machine(
        String processor,
        int threads,
        @JsonProperty("vector_instructions") List<String> vectorInstructions,
        @JsonProperty("bf16_hardware") boolean bfloat16Hardware,
        @JsonProperty("load_average") double loadAverage,
        String java) {

    private static final List<String> INTERESTING =
            List.of("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "bf16", "sve");

    public Machine {
        vectorInstructions = List.copyOf(vectorInstructions);
    }

    /** This machine, now. */
    public static Machine here(int threads) {
        List<String> known =
                INTERESTING.stream().filter(Processor.features()::contains).toList();
        String name = Processor.name();
        return new Machine(
                name.isEmpty() ? System.getProperty("os.arch") : name,
                threads,
                known,
                known.stream().anyMatch(flag -> flag.endsWith("bf16")),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("java.version"));
    }

    /** One line for people. */
    public String sentence() {
        return String.format(
                Locale.ROOT,
                "%s, %d threads, %s, bf16 %s, load average %.2f at the start, Java %s",
                processor,
                threads,
                String.join(" ", vectorInstructions),
                bfloat16Hardware ? "in hardware" : "not in hardware",
                loadAverage,
                java);
    }
}
