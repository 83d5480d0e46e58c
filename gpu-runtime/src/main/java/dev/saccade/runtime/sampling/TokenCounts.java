package dev.saccade.runtime.sampling;

import java.util.Arrays;

/** The distinct tokens of one sequence, each with how often it occurs in the output; kept up to date token by token. */
final class TokenCounts {

    private static final int FREE = -1;
    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private int[] slots = new int[128]; // a hash table of slot numbers, a power of two in length, at most half full
    private int[] ids = new int[64];
    private int[] outputs = new int[64];
    private int size;

    TokenCounts() {
        Arrays.fill(slots, FREE);
    }

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
        int place = place(token);
        if (slots[place] != FREE) {
            return slots[place];
        }
        if (size == ids.length) {
            grow();
            place = place(token);
        }
        slots[place] = size;
        ids[size] = token;
        return size++;
    }

    /** Where the token's slot is, or belongs. */
    private int place(int token) {
        int place = (token * GOLDEN_RATIO) >>> Integer.numberOfLeadingZeros(slots.length - 1);
        while (slots[place] != FREE && ids[slots[place]] != token) {
            place = (place + 1) & (slots.length - 1);
        }
        return place;
    }

    private void grow() {
        ids = Arrays.copyOf(ids, 2 * size);
        outputs = Arrays.copyOf(outputs, 2 * size);
        slots = new int[2 * slots.length];
        Arrays.fill(slots, FREE);
        for (int slot = 0; slot < size; slot++) {
            slots[place(ids[slot])] = slot;
        }
    }

    boolean has(int token) {
        return slots[place(token)] != FREE;
    }

    int size() {
        return size;
    }

    int id(int slot) {
        return ids[slot];
    }

    /** Occurrences in the output; 0 for a token of the prompt alone. */
    int outputs(int slot) {
        return outputs[slot];
    }
}
