package dev.saccade.api.egress;

/** An address that may not be called; the message says why, in a sentence for the client. */
public final class ForbiddenUrlException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ForbiddenUrlException(String reason) {
        super(reason, null, false, false);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
