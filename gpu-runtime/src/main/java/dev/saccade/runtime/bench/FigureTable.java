package dev.saccade.runtime.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures for people. */
public final class FigureTable {

    private FigureTable() {}

    /** A few lines, the last one without an end. */
    public static String of(EngineFigures figures) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%s, %d layers; %s",
                figures.shape(),
                figures.layers(),
                figures.machine().sentence());
        line(
                text,
                "weights read in a step: %.3f GB; read bandwidth: %.1f GB/s",
                figures.weightBytesPerStep() / 1e9,
                figures.readGigabytesPerSecond());
        line(text, "");
        line(text, "decode, %d prompt and %d output tokens each", figures.promptTokens(), figures.outputTokens());
        line(text, "  requests   tokens/s   first token ms   inter-token ms   of read bandwidth");
        for (EngineFigures.Decode row : figures.results()) {
            line(
                    text,
                    "  %8d %10.1f %16.1f %16.2f %18.0f %%",
                    row.concurrency(),
                    row.tokensPerSecond(),
                    row.timeToFirstTokenMillis(),
                    row.interTokenMillis(),
                    100 * row.bandwidthRatio());
        }
        line(text, "");
        line(
                text,
                "prefill of %d tokens   %.0f tokens/s, %.1f GFLOP/s%s",
                figures.prefill().tokens(),
                figures.prefill().tokensPerSecond(),
                figures.prefill().gigaOperations(),
                share(figures.prefill().ratio(), figures.prefill().ratioFloat32()));
        line(
                text,
                "vision, %d patches     %.1f GFLOP/s%s",
                figures.vision().patches(),
                figures.vision().gigaOperations(),
                share(figures.vision().ratio(), figures.vision().ratioFloat32()));
        line(
                text,
                "same clip, asked twice  %.1f ms to the first token, then %.1f ms (%d visual tokens)",
                figures.repeat().firstMillis(),
                figures.repeat().secondMillis(),
                figures.repeat().visualTokens());
        line(
                text,
                "scheduler, block tables, sampling at 64 sequences  %.0f microseconds a step greedy, %.0f sampled",
                figures.schedulerMicrosPerStep(),
                figures.schedulerSampledMicrosPerStep());
        EngineFigures.Invariance invariance = figures.batchInvariance();
        if (invariance != null) {
            line(
                    text,
                    "batch invariance at %d requests  costs %.0f %%: %.1f tokens/s without",
                    invariance.concurrency(),
                    100 * invariance.price(),
                    invariance.tokensPerSecondWithout());
        }
        return text.toString().stripTrailing();
    }

    private static String share(@Nullable Double bfloat16, @Nullable Double float32) {
        return bfloat16 == null || float32 == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %.0f %% of bare oneDNN in bf16, %.0f %% in float32",
                        100 * bfloat16,
                        100 * float32);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
