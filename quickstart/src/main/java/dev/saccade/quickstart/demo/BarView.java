package dev.saccade.quickstart.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/** A bar for each piece of work, redrawn in place ten times a second. */
final class BarView implements ProgressView {

    private static final int WIDTH = 79;
    private static final int BAR = 24;
    private static final int REDRAW_MILLIS = 100;

    private final PrintStream out;

    BarView(PrintStream out) {
        this.out = out;
    }

    @Override
    public Stage stage(String title) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(title)
                .setInitialMax(1)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .continuousUpdate()
                .setRenderer(BarView::render)
                .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
                .build();
        return new Stage() {
            @Override
            public void update(long done, long total, String note) {
                bar.maxHint(Math.max(1, total));
                bar.stepTo(Math.min(done, Math.max(1, total)));
                bar.setExtraMessage(note);
            }

            @Override
            public void close() {
                bar.stepTo(bar.getMax());
                bar.close();
            }
        };
    }

    private static String render(ProgressState state, int maxLength) {
        return line(
                state.getTaskName(),
                state.getNormalizedProgress(),
                state.getElapsedAfterStart(),
                state.getExtraMessage() == null ? "" : state.getExtraMessage(),
                maxLength);
    }

    /** One line, at most {@code maxLength} characters, padded so that it covers what was there before. */
    static String line(String title, double part, Duration elapsed, String note, int maxLength) {
        int full = (int) Math.round(Math.clamp(part, 0, 1) * BAR);
        String start = String.format(
                Locale.ROOT,
                "%-9s %s%s %5.1f s  ",
                title,
                "█".repeat(full),
                "░".repeat(BAR - full),
                elapsed.toMillis() / 1e3);
        int room = Math.max(0, maxLength - start.length());
        String oneLine = note.replaceAll("\\s+", " ").strip();
        // The newest words are at the end.
        String shown = oneLine.length() <= room ? oneLine : "…" + oneLine.substring(oneLine.length() - room + 1);
        return start + shown + " ".repeat(Math.max(0, room - shown.length()));
    }
}
