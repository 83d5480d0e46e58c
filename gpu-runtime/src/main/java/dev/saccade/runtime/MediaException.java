package dev.saccade.runtime;

/** An image or a video that can't be read, or one beyond a limit. */
public final class MediaException extends EngineException {

    private static final long serialVersionUID = 1L;

    public MediaException(String code, String message) {
        super(code, message);
    }

    public MediaException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
