package dev.saccade.runtime;

/** The request itself can't be served: a parameter out of range, or a prompt beyond the context. */
public final class InvalidRequestException extends EngineException {

    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String code, String message) {
        super(code, message);
    }

    public InvalidRequestException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
