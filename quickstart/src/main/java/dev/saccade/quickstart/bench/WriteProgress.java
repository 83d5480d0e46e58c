package dev.saccade.quickstart.bench;

import java.util.function.LongConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar of megabytes written, on a terminal; nothing elsewhere. */
final class WriteProgress implements LongConsumer, AutoCloseable {

    private static final long MEGABYTE = 1_000_000;

    private final @Nullable ProgressBar bar;

    WriteProgress(long bytes) {
        this.bar = System.console() == null
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("weights")
                        .setInitialMax(bytes)
                        .setUnit(" MB", MEGABYTE)
                        .setStyle(ProgressBarStyle.ASCII)
                        .build();
    }

    @Override
    public void accept(long written) {
        if (bar != null) {
            bar.stepTo(written);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
