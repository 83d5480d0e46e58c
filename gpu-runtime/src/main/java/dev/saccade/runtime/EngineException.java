package dev.saccade.runtime;

/**
 * A failure whose message is a sentence for the user: what is wrong and what to do. It never carries a native
 * library's text, a path of the server or a stack trace.
 */
public abstract sealed class EngineException extends RuntimeException
        permits InvalidRequestException, MediaException, ModelException, DeviceException {

    private static final long serialVersionUID = 1L;

    private final String code;

    EngineException(String code, String message) {
        super(message);
        this.code = code;
    }

    EngineException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** A stable name in kebab case, e.g. {@code prompt-too-long}. */
    public String code() {
        return code;
    }

    /** Whether the same request can succeed when it is tried again, here or elsewhere. */
    public abstract boolean retryable();
}
