package dev.saccade.runtime.schedule;

import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.sampling.LogitRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens that the device draws for several sequences at once; none where it leaves drawing to the host. */
final class DrawnTokens {

    private static final int NOT_ASKED = -1;

    private final List<TokenDraw> draws = new ArrayList<>();
    private int[] places = new int[16]; // of each sequence's draw
    private int[] tokens = new int[16];
    private int count;

    void begin() {
        draws.clear();
        count = 0;
    }

    /** @param sequence null where it draws nothing */
    void ask(@Nullable Sequence sequence, int row, LogitRows out) {
        if (count == places.length) {
            places = Arrays.copyOf(places, 2 * count);
            tokens = new int[2 * count];
        }
        TokenDraw draw = sequence != null && out.drawn() ? sequence.draw(row) : null;
        places[count++] = draw == null ? NOT_ASKED : draws.size();
        if (draw != null) {
            draws.add(draw);
        }
    }

    void draw(LogitRows out) {
        if (!draws.isEmpty()) {
            out.draw(draws, tokens);
        }
    }

    /** The token of the n-th that asked, or {@link TokenDraw#UNDRAWN}. */
    int token(int index) {
        return places[index] == NOT_ASKED ? TokenDraw.UNDRAWN : tokens[places[index]];
    }
}
