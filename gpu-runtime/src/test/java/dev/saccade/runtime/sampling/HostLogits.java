package dev.saccade.runtime.sampling;

/** Logits in the host's memory, where the sampler looks for itself. */
@SuppressWarnings("ArrayRecordComponent") // memory, not a value
public record HostLogits(float[]... rows) implements LogitRows {

    @Override
    public float[] row(int row) {
        return rows[row];
    }

    @Override
    public int likeliest(int row) {
        return UNKNOWN;
    }
}
