package dev.saccade.quickstart.cli;

/** Something the user can put right. The message is one sentence that says how; the exit code is 2. */
public final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
