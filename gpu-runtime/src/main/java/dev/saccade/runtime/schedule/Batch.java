package dev.saccade.runtime.schedule;

import dev.saccade.runtime.kv.BlockPool;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences that run, the most urgent first, and their blocks. Blocks are taken as tokens come. When they run out, the
 * last sequence gives way: its blocks go to the others at once, and it waits to read all its tokens again. The first never
 * gives way, and any sequence fits alone; so there is always one that gets on.
 */
final class Batch {

    private final BlockPool pool;
    private final WaitingQueue waiting;
    private final Counters counters;
    private final List<Sequence> running = new ArrayList<>();

    Batch(BlockPool pool, WaitingQueue waiting, Counters counters) {
        this.pool = pool;
        this.waiting = waiting;
        this.counters = counters;
    }

    int size() {
        return running.size();
    }

    /** By the order of urgency. */
    Sequence get(int place) {
        return running.get(place);
    }

    /** Those that run now; not to be changed. */
    List<Sequence> running() {
        return running;
    }

    void enter(Sequence sequence) {
        sequence.group().enters();
        running.add(sequence);
        running.sort(Sequence.URGENCY); // all of it: its coming may have made its siblings more urgent
    }

    /** Takes a sequence out and its blocks back. */
    void leave(Sequence sequence) {
        running.remove(sequence);
        pool.release(sequence.blocks());
    }

    /** The last one gives way. */
    void preemptLast() {
        Sequence last = running.getLast();
        leave(last);
        last.restart();
        waiting.add(last);
        counters.preemptions++;
    }

    /**
     * Gets blocks for the first tokens of a sequence, if need be from less urgent ones.
     *
     * @return false where it was the last itself and has given way
     */
    boolean reserve(Sequence sequence, int tokens) {
        while (!pool.grow(sequence.blocks(), tokens)) {
            boolean itself = running.getLast() == sequence;
            if (itself && running.size() == 1) {
                throw new IllegalStateException("a sequence of " + tokens + " tokens does not fit alone");
            }
            preemptLast();
            if (itself) {
                return false;
            }
        }
        return true;
    }

    /** Blocks that the running sequences still have to take for the tokens that they have, and for their next one. */
    int promised() {
        int promised = 0;
        for (Sequence sequence : running) {
            promised += missing(sequence);
        }
        return promised;
    }

    static int missing(Sequence sequence) {
        return Math.max(
                0,
                BlockPool.blocksFor(sequence.length() + 1) - sequence.blocks().size());
    }
}
