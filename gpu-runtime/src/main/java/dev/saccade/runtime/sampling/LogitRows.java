package dev.saccade.runtime.sampling;

import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.device.TokenMeasure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logits of a step's output rows, which may lie on a device still: asking for a row's values fetches them. */
public interface LogitRows {

    /** One for each row of the vocabulary; whoever reads them may change them, and must put them back. */
    float[] row(int row);

    /** Whether the device draws tokens, so that {@link #draw} is worth preparing. */
    boolean drawn();

    /** See {@link dev.saccade.runtime.device.Device#draw}. Only where they are {@link #drawn}. */
    void draw(List<TokenDraw> draws, int[] tokens);

    /** How likely a token is and which ones are the likeliest, or null where the host has to measure. */
    @Nullable
    TokenMeasure measure(int row, int token, int likeliest);
}
