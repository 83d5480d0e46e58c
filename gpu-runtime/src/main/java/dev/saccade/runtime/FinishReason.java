package dev.saccade.runtime;

/** Why a generation ended. */
public enum FinishReason {
    /** End of turn, a stop string or a stop token. */
    STOP,
    /** {@code maxTokens} or the context's end. */
    LENGTH,
    /** The caller cancelled it. */
    CANCELLED
}
