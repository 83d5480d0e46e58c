package dev.saccade.runtime.device;

/**
 * How likely the softmax of a row of logits finds a token.
 *
 * @param logprob natural logarithm of its probability
 * @param rank 1 for the likeliest token
 * @param likeliest tokens, the likeliest first; of equals the lower id
 * @param logprobs of these
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenMeasure(double logprob, int rank, int[] likeliest, double[] logprobs) {}
