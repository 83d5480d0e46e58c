package dev.saccade.quickstart;

/** Something that the user must put right before the quickstart can run. The message is a sentence for the user; exit code 2. */
public final class StartupException extends Exception {

    private static final long serialVersionUID = 1;

    public StartupException(String sentence) {
        super(sentence);
    }

    public StartupException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
