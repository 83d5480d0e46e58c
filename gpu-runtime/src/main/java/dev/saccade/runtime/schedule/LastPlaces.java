package dev.saccade.runtime.schedule;

import java.util.Arrays;

/** A map from groups of token ids to the place after their last occurrence; open addressing, so that nothing is boxed. */
final class LastPlaces {

    private static final int NOWHERE = -1;
    private static final long SPREAD = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio

    private long[] keys = new long[64];
    private int[] places = filled(64);
    private int size;

    int get(long key) {
        return places[find(key)];
    }

    void put(long key, int place) {
        int at = find(key);
        if (places[at] == NOWHERE) {
            keys[at] = key;
            size++;
        }
        places[at] = place;
        if (2 * size > keys.length) {
            grow();
        }
    }

    private int find(long key) {
        int at = (int) (key * SPREAD >>> 33) & (keys.length - 1);
        while (places[at] != NOWHERE && keys[at] != key) {
            at = (at + 1) & (keys.length - 1);
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldPlaces = places;
        keys = new long[2 * oldKeys.length];
        places = filled(2 * oldKeys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldPlaces[i] != NOWHERE) {
                int at = find(oldKeys[i]);
                keys[at] = oldKeys[i];
                places[at] = oldPlaces[i];
            }
        }
    }

    private static int[] filled(int size) {
        int[] places = new int[size];
        Arrays.fill(places, NOWHERE);
        return places;
    }
}
