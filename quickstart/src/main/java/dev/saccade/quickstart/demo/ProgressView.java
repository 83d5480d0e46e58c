package dev.saccade.quickstart.demo;

import java.io.Console;
import java.io.PrintStream;

/** Where the demo shows how far it is: bars on a terminal, plain lines everywhere else. */
interface ProgressView {

    /** A piece of work that begins now. Closing it says that it is done. */
    interface Stage extends AutoCloseable {

        /**
         * Says how far the work is.
         *
         * @param note what to say beside the number, e.g. the last words that were written
         */
        void update(long done, long total, String note);

        @Override
        void close();
    }

    Stage stage(String title);

    /** Bars where {@code out} is a terminal that can draw them. */
    static ProgressView on(PrintStream out) {
        return isTerminal() ? new BarView(out) : new LineView(out);
    }

    /** Whether a person watches: no pipe, no file, no terminal without cursor movement. */
    @SuppressWarnings("SystemConsoleNull") // JDK 22 to 24 always had a console; 25 has null again for a pipe.
    static boolean isTerminal() {
        Console console = System.console();
        return console != null
                && console.isTerminal()
                && !"dumb".equals(System.getenv().getOrDefault("TERM", "dumb"));
    }
}
