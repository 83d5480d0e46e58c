package dev.saccade.runtime.schedule;

import java.util.Arrays;

/**
 * Divides a budget fairly. The first, who is the most urgent, gets half of it or more, so that somebody always gets on; the
 * rest is divided evenly, where those who want little get all of it. So a short prompt does not wait behind a long one.
 * Nobody gets less than {@link #LEAST} of what he wants, or nothing this time.
 */
final class Shares {

    private static final int LEAST = 16;

    private int[] wanted = new int[16];
    private int[] given = new int[16];
    private int count;

    void clear() {
        count = 0;
    }

    /** The next in the order of urgency wants so much. */
    void want(int amount) {
        if (count == wanted.length) {
            wanted = Arrays.copyOf(wanted, 2 * count);
            given = new int[2 * count];
        }
        wanted[count] = amount;
        given[count++] = 0;
    }

    /** What the one who asked at this place gets. */
    int of(int place) {
        return given[place];
    }

    void divide(int budget) {
        if (count == 0) {
            return;
        }
        int left = budget - give(0, Math.max(budget / 2, budget / count));
        int open = 0;
        for (int i = 1; i < count; i++) {
            open += wanted[i] > 0 ? 1 : 0;
        }
        boolean someoneIsServed = true;
        while (someoneIsServed && open > 0) {
            int even = Math.max(LEAST, left / open);
            someoneIsServed = false;
            for (int i = 1; i < count; i++) {
                if (isUnserved(i) && wanted[i] <= Math.min(even, left)) {
                    left -= give(i, wanted[i]);
                    open--;
                    someoneIsServed = true;
                }
            }
        }
        int even = open == 0 ? 0 : Math.max(LEAST, left / open);
        for (int i = 1; i < count && left >= Math.min(LEAST, budget); i++) {
            if (isUnserved(i)) {
                left -= give(i, Math.min(even, left));
            }
        }
        give(0, given[0] + left);
    }

    private boolean isUnserved(int place) {
        return given[place] == 0 && wanted[place] > 0;
    }

    private int give(int place, int amount) {
        given[place] = Math.min(amount, wanted[place]);
        return given[place];
    }
}
