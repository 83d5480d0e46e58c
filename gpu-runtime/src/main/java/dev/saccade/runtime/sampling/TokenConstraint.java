package dev.saccade.runtime.sampling;

/** What an answer must look like, as states over tokens. For any number of threads. */
interface TokenConstraint {

    /** The state before the first token. */
    int start();

    /** The state after a token that is allowed. */
    int next(int state, int token);

    /**
     * The tokens that fit, a bit for each; end-of-turn tokens among them where the answer may end. Read only.
     */
    long[] allowed(int state);

    /** Whether only end-of-turn tokens are left. */
    boolean mustEnd(int state);
}
