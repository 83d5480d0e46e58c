package dev.saccade.runtime.sampling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The distinct tokens of one sequence, each with how often it occurs in the output; kept up to date token by token. */
final class TokenCounts {

    private final Map<Integer, Integer> slotOf = new HashMap<>();
    private int[] ids = new int[64];
    private int[] outputs = new int[64];

    void addPrompt(int[] tokens) {
        for (int token : tokens) {
            slot(token);
        }
    }

    void addOutput(int token) {
        int slot = slot(token); // before the array is read: a new slot may replace it
        outputs[slot]++;
    }

    private int slot(int token) {
        Integer known = slotOf.get(token);
        if (known != null) {
            return known;
        }
        int slot = slotOf.size();
        if (slot == ids.length) {
            ids = Arrays.copyOf(ids, 2 * slot);
            outputs = Arrays.copyOf(outputs, 2 * slot);
        }
        ids[slot] = token;
        slotOf.put(token, slot);
        return slot;
    }

    int size() {
        return slotOf.size();
    }

    int id(int slot) {
        return ids[slot];
    }

    /** Occurrences in the output; 0 for a token of the prompt alone. */
    int outputs(int slot) {
        return outputs[slot];
    }
}
