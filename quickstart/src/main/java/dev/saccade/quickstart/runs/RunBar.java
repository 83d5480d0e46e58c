package dev.saccade.quickstart.runs;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How far a run is: a bar on a terminal, nothing elsewhere. */
public final class RunBar implements AutoCloseable {

    private final @Nullable ProgressBar bar;

    /** @param done what an earlier run has done of {@code total} */
    public RunBar(String title, long done, long total) {
        bar = System.console() == null
                ? null
                : new ProgressBarBuilder()
                        .setTaskName(title)
                        .setInitialMax(total)
                        .startsFrom(done, Duration.ZERO)
                        .setStyle(ProgressBarStyle.ASCII)
                        .build();
    }

    /** One more is done. */
    public void step() {
        if (bar != null) {
            bar.step();
        }
    }

    /** Says beside the bar what is being done. */
    public void note(String note) {
        if (bar != null) {
            bar.setExtraMessage(" " + note);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
