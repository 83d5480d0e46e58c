package dev.saccade.worker.media;

/** A job's media could not be brought to the worker. The message is a sentence for the user. */
public abstract sealed class FetchException extends Exception permits RetryableFetchException, UnusableMediaException {

    private static final long serialVersionUID = 1L;

    private final String code;

    FetchException(String code, String message) {
        super(message);
        this.code = code;
    }

    FetchException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** A stable name in kebab case, e.g. {@code store-unavailable}. */
    public String code() {
        return code;
    }
}
