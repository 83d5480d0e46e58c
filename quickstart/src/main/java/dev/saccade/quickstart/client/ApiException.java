package dev.saccade.quickstart.client;

/** The API refused a request. The message is the problem's own sentence. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    ApiException(int status, String code, String sentence) {
        super(sentence);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    /** The stable code of the problem, e.g. {@code unreadable-media}; empty where the answer was no problem document. */
    public String code() {
        return code;
    }
}
