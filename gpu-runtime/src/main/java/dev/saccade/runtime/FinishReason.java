package dev.saccade.runtime;

/** Why a generation ended. */
public enum FinishReason {
    /** End of turn, a stop string or token, or a constrained answer that is complete. */
    STOP,
    /** {@code maxTokens} or the context's end. */
    LENGTH,
    /** The caller cancelled it. */
    CANCELLED,
    /** The request's {@code finishBy} has passed. */
    EXPIRED
}
