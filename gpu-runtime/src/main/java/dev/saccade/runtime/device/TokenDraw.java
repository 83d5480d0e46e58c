package dev.saccade.runtime.device;

import org.jspecify.annotations.Nullable;

/**
 * How a device is to draw a token from a row of logits: changes and mask, then temperature, min-p, top-k and top-p, with the
 * random number that seed, sequence and step make. Meanings are those of {@link dev.saccade.runtime.SamplingParameters}.
 *
 * @param row of the logits
 * @param temperature below 1e-5 the likeliest is taken
 * @param topK 0 takes all
 * @param changes to the row's scores
 * @param allowed a bit for each token that may be drawn; null allows all
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenDraw(
        int row,
        double temperature,
        double topP,
        int topK,
        double minP,
        long seed,
        long sequence,
        int step,
        ScoreChanges changes,
        long @Nullable [] allowed) {

    /** In place of a token: the device leaves it to the host. */
    public static final int UNDRAWN = -1;
}
