package dev.saccade.runtime.schedule;

/**
 * How much one step may do beside one token of every answer: it bounds how long an answer waits for its next token.
 *
 * @param readTokens tokens of prompts, and of answers that are read again
 * @param patches patches of frames that are encoded, unless a single temporal group has more
 * @param promptLogitRows rows of prompts whose log probabilities were asked for: 64 of 152,064 floats are 39 MB
 * @param answerRows rows of answers up to which guessing pays: so few cost hardly more than one
 */
public record StepBudget(int readTokens, int patches, int promptLogitRows, int answerRows) {

    public static final StepBudget DEFAULT = new StepBudget(512, 1_024, 64, 8);
}
