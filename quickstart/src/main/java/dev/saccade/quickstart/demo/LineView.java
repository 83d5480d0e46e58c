package dev.saccade.quickstart.demo;

import java.io.PrintStream;
import java.util.Locale;

/** One line for each piece of work, when it is done. */
final class LineView implements ProgressView {

    private final PrintStream out;

    LineView(PrintStream out) {
        this.out = out;
    }

    @Override
    public Stage stage(String title) {
        long begin = System.nanoTime();
        return new Stage() {
            @Override
            public void update(long done, long total, String note) {
                // A file has no use for steps in between.
            }

            @Override
            public void close() {
                out.printf(Locale.ROOT, "%s: done in %.1f s%n", title, (System.nanoTime() - begin) / 1e9);
            }
        };
    }
}
