package dev.saccade.runtime;

/** The device ran out of memory or failed; another worker, or a later try, may succeed. */
public final class DeviceException extends EngineException {

    /** The code that says that the engine is of no more use: it takes no request until it is opened again. */
    public static final String ENGINE_FAILED = "engine-failed";

    /** The code that says that the JVM was started without the module that the engine computes with. */
    public static final String NO_VECTOR_API = "no-vector-api";

    private static final long serialVersionUID = 1L;

    public DeviceException(String code, String message) {
        super(code, message);
    }

    public DeviceException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }

    @Override
    public boolean retryable() {
        return true;
    }
}
