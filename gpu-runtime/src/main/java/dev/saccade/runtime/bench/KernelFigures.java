package dev.saccade.runtime.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@link KernelBench} found. Other programs read these names.
 *
 * @param outputs of the weights that everything was measured with
 * @param inputs of these weights
 * @param readGigabytesPerSecond these weights read by the same threads, in the faster of two orders
 * @param frontToBackGigabytesPerSecond the same read front to back
 */
public record KernelFigures(
        int outputs,
        int inputs,
        @JsonProperty("read_gb_per_s") double readGigabytesPerSecond,
        @JsonProperty("read_front_to_back_gb_per_s") double frontToBackGigabytesPerSecond,
        List<Figure> results,
        Machine machine) {

    public KernelFigures {
        results = List.copyOf(results);
    }

    /**
     * One kernel with a number of rows.
     *
     * @param name {@code decode}: few rows straight from the packed weights; {@code product}: rows of a prompt;
     *     {@code invariance}: rows of answers in both ways
     * @param ratio decode: weights a second to the read bandwidth; product: to bare oneDNN's bf16 rate
     * @param speedup decode: rows a second, relative to one row
     * @param ratioFloat32 product: to bare oneDNN's float32 rate
     * @param kernel product: what computes prompts here
     * @param price invariance: what part of the speed is given up so that answers don't depend on the batch
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Figure(
            String name,
            int rows,
            @JsonProperty("gb_per_s") @Nullable Double gigabytesPerSecond,
            @JsonProperty("gflop_per_s") @Nullable Double gigaOperationsPerSecond,
            @Nullable Double ratio,
            @Nullable Double speedup,
            @JsonProperty("ratio_float32") @Nullable Double ratioFloat32,

            @JsonProperty("onednn_bf16_gflop_per_s") @Nullable
            Double bareBfloat16,

            @JsonProperty("onednn_float32_gflop_per_s") @Nullable
            Double bareFloat32,

            @Nullable String kernel,
            @Nullable Double price) {

        static Figure decode(int rows, double gigabytes, double ratio, double speedup) {
            return new Figure("decode", rows, gigabytes, null, ratio, speedup, null, null, null, null, null);
        }

        static Figure product(
                int rows, double rate, @Nullable Double bfloat16, @Nullable Double float32, String kernel) {
            Double ratio = bfloat16 == null ? null : rate / bfloat16;
            Double ratioFloat32 = float32 == null ? null : rate / float32;
            return new Figure("product", rows, null, rate, ratio, null, ratioFloat32, bfloat16, float32, kernel, null);
        }

        static Figure invariance(int rows, double price) {
            return new Figure("invariance", rows, null, null, null, null, null, null, null, null, price);
        }

        private String line() {
            return switch (name) {
                case "decode" ->
                    format(
                            "  %4d %10.1f %12.0f %% %14.2f",
                            rows, percent(gigabytesPerSecond) / 100, percent(ratio), percent(speedup) / 100);
                case "product" ->
                    format(
                            "  %4d %10.1f %12s %8s %12s %8s   %s",
                            rows,
                            percent(gigaOperationsPerSecond) / 100,
                            or(bareBfloat16),
                            share(ratio),
                            or(bareFloat32),
                            share(ratioFloat32),
                            kernel);
                default -> format("  %4d %10.0f %%", rows, percent(price));
            };
        }
    }

    /** For people; the last line without an end. */
    public String table() {
        StringBuilder text = new StringBuilder(machine.sentence()).append('\n');
        text.append(format(
                "weights (%d, %d) in bf16, read at %.1f GB/s (front to back %.1f)%n",
                outputs, inputs, readGigabytesPerSecond, frontToBackGigabytesPerSecond));
        String present = "";
        for (Figure figure : results) {
            if (!figure.name().equals(present)) {
                present = figure.name();
                text.append('\n').append(heading(present)).append('\n');
            }
            text.append(figure.line()).append('\n');
        }
        return text.toString().stripTrailing();
    }

    private String heading(String name) {
        return switch (name) {
            case "decode" -> "decode: few rows\n  rows       GB/s   of reading   rows/s to one row";
            case "product" ->
                "product: rows of a prompt, beside bare oneDNN (bf16 "
                        + (machine.bfloat16Hardware() ? "in hardware" : "emulated")
                        + ")\n  rows    GFLOP/s  oneDNN bf16     ours  oneDNN fp32     ours   by";
            default -> "invariance: speed given up so that answers don't depend on the batch\n  rows      price";
        };
    }

    private static double percent(@Nullable Double ratio) {
        return ratio == null ? 0 : 100 * ratio;
    }

    private static String share(@Nullable Double ratio) {
        return ratio == null ? "-" : format("%.0f %%", 100 * ratio);
    }

    private static String or(@Nullable Double value) {
        return value == null ? "-" : format("%.1f", value);
    }

    private static String format(String pattern, @Nullable Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
