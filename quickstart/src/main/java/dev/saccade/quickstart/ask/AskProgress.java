package dev.saccade.quickstart.ask;

import dev.saccade.runtime.GenerationListener;
import java.io.PrintStream;

/** One line on a terminal that says how far the work is; silent elsewhere. */
final class AskProgress implements GenerationListener {

    private final PrintStream terminal;
    private final boolean shown;

    AskProgress(PrintStream terminal, boolean shown) {
        this.terminal = terminal;
        this.shown = shown;
    }

    @Override
    public synchronized void onProgress(Phase phase, long done, long total) {
        if (!shown) {
            return;
        }
        String line = switch (phase) {
            case MEDIA -> "decoding the clip";
            case VISION -> "looking: " + done + " of " + total + " visual tokens";
            case PREFILL -> "reading: " + done + " of " + total + " tokens";
            case DECODE -> "answering: " + done + " tokens";
        };
        terminal.print("\r\033[K" + line);
        terminal.flush();
    }

    synchronized void finish() {
        if (shown) {
            terminal.print("\r\033[K");
            terminal.flush();
        }
    }
}
