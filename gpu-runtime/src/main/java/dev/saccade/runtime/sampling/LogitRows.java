package dev.saccade.runtime.sampling;

/** Logits of a step's output rows, which may lie on a device still: asking for a row's values fetches them. */
public interface LogitRows {

    /** Where the device leaves it to the host to find the likeliest token. */
    int UNKNOWN = -1;

    /** One for each row of the vocabulary; whoever reads them may change them, and must put them back. */
    float[] row(int row);

    /** The token of the highest logit, the lower one of equals, or {@link #UNKNOWN}. */
    int likeliest(int row);
}
