package dev.saccade.runtime;

/**
 * How an engine is doing: what is the case after its last step, and what has been done since it was opened.
 *
 * @param running sequences in the batch
 * @param waiting requests and sequences that aren't, by reason
 * @param blocks of the key-value cache
 * @param tokens counted since the engine was opened
 * @param steps the engine's steps
 * @param preemptions sequences that had to give their blocks to more urgent ones
 */
public record EngineStatus(int running, Waiting waiting, Blocks blocks, Tokens tokens, Steps steps, long preemptions) {

    /** Of an engine that has not done anything yet. */
    public static EngineStatus idle(int blocks) {
        return new EngineStatus(
                0,
                new Waiting(0, 0, 0),
                new Blocks(0, 0, blocks),
                new Tokens(0, 0, 0, 0, 0, 0, 0),
                new Steps(0, 0, 0, 0, 0),
                0);
    }

    /**
     * Why they wait.
     *
     * @param media requests whose media are being prepared
     * @param room requests that have not had a place in the batch yet
     * @param preempted sequences that have had one, or whose prompt has been read for them
     */
    public record Waiting(int media, int room, int preempted) {}

    /**
     * Blocks of 16 tokens.
     *
     * @param used held by sequences
     * @param cached held by nobody, but kept for sequences that begin alike
     * @param free holding nothing
     */
    public record Blocks(int used, int cached, int free) {}

    /**
     * Tokens.
     *
     * @param prompt read or found in the cache, each prompt once
     * @param prefixQueries tokens of prompts that were looked for in the cache
     * @param prefixHits tokens of prompts that were found there
     * @param generated written
     * @param guessed guessed from prompt and answer, to be checked
     * @param accepted of those, the ones that were right
     * @param read rows that went through the model as a prompt, or to be read again after a preemption
     */
    public record Tokens(
            long prompt, long prefixQueries, long prefixHits, long generated, long guessed, long accepted, long read) {}

    /**
     * Steps, and where their time went, in nanoseconds.
     *
     * @param lastTokens rows of the last step
     * @param planningNanos admission, planning, block tables and rows
     * @param deviceNanos encoding frames and running the model
     * @param samplingNanos choosing tokens, their text, listeners, and letting go of what is finished
     */
    public record Steps(long count, int lastTokens, long planningNanos, long deviceNanos, long samplingNanos) {}
}
