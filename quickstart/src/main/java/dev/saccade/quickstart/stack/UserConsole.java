package dev.saccade.quickstart.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the console for what a command tells its user: the broker prints stack traces to standard output. */
public final class UserConsole {

    private static final Logger LOG = LoggerFactory.getLogger(UserConsole.class);

    private UserConsole() {}

    /** Standard output as it was; from now on what libraries print there goes to the log. */
    public static PrintStream take() {
        PrintStream console = System.out;
        System.setOut(new PrintStream(new LoggedLines(), true, UTF_8));
        return console;
    }

    private static final class LoggedLines extends OutputStream {

        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int character) {
            if (character != '\n') {
                line.write(character);
                return;
            }
            LOG.warn("Printed by a library: {}", line.toString(UTF_8));
            line.reset();
        }
    }
}
