package dev.saccade.runtime.sampling;

import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.device.TokenMeasure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logits in the host's memory, where the sampler looks for itself. */
@SuppressWarnings("ArrayRecordComponent") // memory, not a value
public record HostLogits(float[]... rows) implements LogitRows {

    @Override
    public float[] row(int row) {
        return rows[row];
    }

    @Override
    public boolean drawn() {
        return false;
    }

    @Override
    public void draw(List<TokenDraw> draws, int[] tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable TokenMeasure measure(int row, int token, int likeliest) {
        return null;
    }
}
