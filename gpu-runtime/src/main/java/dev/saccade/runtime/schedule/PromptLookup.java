package dev.saccade.runtime.schedule;

/**
 * Guesses how a sequence goes on: as it did the last time that it had the same three, else two, tokens. Each token is
 * entered once, and a guess takes constant time.
 */
final class PromptLookup {

    private static final int ID_BITS = 21;
    private static final long ID = (1L << ID_BITS) - 1;
    private static final long PAIR = (1L << 2 * ID_BITS) - 1;
    private static final int LONGEST_WAIT = 32;

    private final LastPlaces triples = new LastPlaces();
    private final LastPlaces pairs = new LastPlaces();
    private int[] guesses = new int[0];
    private long tail; // ids of the last three tokens, 21 bits each
    private int entered;
    private int waiting; // tokens to be written before the next guess
    private int wait; // how long the next wait is

    /**
     * Guesses the next tokens.
     *
     * @param most tokens wanted
     * @return how many were guessed: as many as wanted, or none
     */
    int guess(Sequence sequence, int most) {
        enterUpTo(sequence);
        if (most <= 0 || entered < 3 || waiting-- > 0) {
            return 0;
        }
        waiting = 0;
        int place = triples.get(tail);
        if (place < 0) {
            place = pairs.get(tail & PAIR);
        }
        if (place < 0) {
            return 0;
        }
        if (guesses.length < most) {
            guesses = new int[most];
        }
        for (int i = 0; i < most; i++) { // a repetition that reaches the end goes on into the guess itself
            guesses[i] = place + i < entered ? sequence.token(place + i) : guesses[place + i - entered];
        }
        return most;
    }

    int guessed(int index) {
        return guesses[index];
    }

    /** Where guesses are wrong again and again, they are made less and less often. */
    void learn(boolean right) {
        wait = right ? 0 : Math.min(LONGEST_WAIT, 2 * wait + 1);
        waiting = wait;
    }

    private void enterUpTo(Sequence sequence) {
        for (int length = sequence.length(); entered < length; entered++) {
            if (entered >= 3) {
                triples.put(tail, entered);
            }
            if (entered >= 2) {
                pairs.put(tail & PAIR, entered);
            }
            tail = (tail << ID_BITS | sequence.token(entered)) & (PAIR << ID_BITS | ID);
        }
    }
}
