package dev.saccade.ledger.jobs;

import java.util.List;

/**
 * How likely the model found a token.
 *
 * @param token its id
 * @param text its bytes as text
 * @param logprob natural logarithm of its probability
 * @param rank 1 for the likeliest
 * @param top the likeliest tokens of this place, as many as were asked for
 */
public record TokenLogprob(int token, String text, double logprob, int rank, List<Alternative> top) {

    public TokenLogprob {
        top = List.copyOf(top);
    }

    /** A token that could have stood in this place. */
    public record Alternative(int token, String text, double logprob) {}
}
