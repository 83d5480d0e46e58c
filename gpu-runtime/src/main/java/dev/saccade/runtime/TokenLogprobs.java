package dev.saccade.runtime;

import java.util.List;

/**
 * How likely the model found a token, before temperature and limits.
 *
 * @param token its id
 * @param text its bytes as text; half a character becomes U+FFFD
 * @param logprob natural logarithm of its probability
 * @param rank 1 for the likeliest token
 * @param top the likeliest tokens of this place, as many as were asked for
 */
public record TokenLogprobs(int token, String text, double logprob, int rank, List<Alternative> top) {

    public TokenLogprobs {
        top = List.copyOf(top);
    }

    /** A token that could have stood in this place. */
    public record Alternative(int token, String text, double logprob) {}
}
