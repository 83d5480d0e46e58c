package dev.saccade.quickstart.runs;

/** The user asked for a stop. */
public final class StoppedException extends RuntimeException {

    /** The exit code of a program that Ctrl-C ended. */
    public static final int EXIT_CODE = 130;

    private static final long serialVersionUID = 1;
}
