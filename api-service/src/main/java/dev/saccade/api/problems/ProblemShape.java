package dev.saccade.api.problems;

/** A response to a client that understands errors in another shape than problem documents. */
public interface ProblemShape {

    /** This problem as the client understands it. */
    Told tell(Problem problem);

    /** What is sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record Told(int status, String mediaType, byte[] body) {}
}
