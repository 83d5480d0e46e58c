package dev.saccade.runtime;

/** A checkpoint folder that this engine can't run. */
public final class ModelException extends EngineException {

    private static final long serialVersionUID = 1L;

    public ModelException(String code, String message) {
        super(code, message);
    }

    public ModelException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
