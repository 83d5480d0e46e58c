package dev.saccade.runtime.constrain;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What a whole answer must look like, as the states of an automaton over a model's tokens. A state is an int, so that
 * samples, speculation and preemption need no more than to remember it. For any number of threads and sequences.
 *
 * <p>The mask of a state is worked out when it is first asked for and kept; after that a step allocates nothing.
 */
public final class Constraint {

    private static final byte[] NO_BYTES = {};

    /** The state after a token that does not fit. */
    public static final int DEAD = -1;

    /** Masks kept for one constraint, in bytes; beyond it they are all forgotten and worked out anew. */
    static final long MAX_MASK_BYTES = 48L << 20;

    private final Automaton automaton;
    private final byte[][] tokenBytes;
    private final BitSet endOfTurn;
    private final MaskBuilder builder;
    private final int[] maskState; // per state, the one whose mask it shares
    private final AtomicReferenceArray<long[]> masks;
    private final MaskPool pool = new MaskPool(MAX_MASK_BYTES);

    Constraint(Automaton automaton, MaskBuilder builder, List<RunStates> runs, byte[][] tokenBytes, BitSet endOfTurn) {
        this.automaton = automaton;
        this.tokenBytes = tokenBytes;
        this.endOfTurn = endOfTurn;
        this.builder = builder;
        this.masks = new AtomicReferenceArray<>(automaton.states());
        this.maskState = new int[automaton.states()];
        Arrays.setAll(maskState, state -> state);
        runs.forEach(run -> run.shareMasks(maskState));
    }

    /** The state before the first token. */
    public int start() {
        return 0;
    }

    /**
     * The state after a token, {@link #DEAD} where the token doesn't fit. An end-of-turn token, where the text may end,
     * leaves the state as it is.
     */
    public int next(int state, int token) {
        if (endOfTurn.get(token)) {
            return mayEnd(state) ? state : DEAD;
        }
        byte[] bytes = token < tokenBytes.length ? tokenBytes[token] : NO_BYTES;
        if (bytes.length == 0) {
            return DEAD;
        }
        int current = state;
        for (byte b : bytes) {
            current = automaton.step(current, b & 0xff);
            if (current == Automaton.DEAD) {
                return DEAD;
            }
        }
        return current;
    }

    /**
     * The tokens that fit at a state, as a bit set over the model's vocabulary: token {@code t} is bit {@code t % 64} of
     * word {@code t / 64}. At least one is set. Not a copy; read only.
     */
    public long[] allowed(int state) {
        int shared = maskState[state];
        long[] mask = masks.get(shared);
        return mask != null ? mask : firstVisit(shared);
    }

    private long[] firstVisit(int state) {
        long[] mask = builder.build(state);
        if (mayEnd(state)) {
            for (int token = endOfTurn.nextSetBit(0); token >= 0; token = endOfTurn.nextSetBit(token + 1)) {
                mask[token >> 6] |= 1L << token;
            }
        }
        if (pool.isFull()) {
            for (int i = 0; i < masks.length(); i++) {
                masks.set(i, null);
            }
            pool.clear();
        }
        long[] shared = pool.share(mask);
        masks.set(state, shared);
        return shared;
    }

    /** Whether the text may end here. */
    public boolean mayEnd(int state) {
        return automaton.accepts(state);
    }

    /** Whether the text ends here: only end-of-turn tokens are left. */
    public boolean mustEnd(int state) {
        return automaton.mustEnd(state);
    }

    /** Number of states; a state is from 0 to one less. */
    public int states() {
        return automaton.states();
    }

    /** Approximate size on the heap, with the masks so far. */
    long bytes() {
        return automaton.bytes() + 12L * automaton.states() + pool.bytes();
    }

    /** For tests: the mask by a plain walk, end-of-turn tokens left out. */
    long[] plainMask(int state) {
        return builder.plain(state);
    }
}
