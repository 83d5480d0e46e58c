package dev.saccade.runtime.schedule;

import dev.saccade.runtime.kv.BlockPool;
import dev.saccade.runtime.schedule.StepPlan.Stretch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lets requests into the batch and says what the next step does. A sequence gets all blocks that it can ever need when it
 * enters, so that none has to leave for want of memory; requests enter in the order in which they became ready.
 */
final class Scheduler {

    /** Prompt tokens of one sequence that are read in one step; stretches begin at multiples of it. */
    static final int STRETCH = 256;

    /** Prompt tokens that are read in one step: bounds how long a decoding sequence waits for its next token. */
    static final int PREFILL_BUDGET = 512;

    /** A prompt that is ready, and its ticket. */
    record Waiting(Ticket ticket, Prompt prompt) {}

    /** Makes a sequence of a request that has got its blocks. */
    interface Entrance {
        Sequence enter(Waiting waiting);
    }

    private final BlockPool pool;
    private final int maxSequences;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();

    Scheduler(BlockPool pool, int maxSequences) {
        this.pool = pool;
        this.maxSequences = maxSequences;
    }

    void add(Waiting ready) {
        waiting.add(ready);
    }

    boolean idle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    Deque<Waiting> waiting() {
        return waiting;
    }

    List<Sequence> running() {
        return running;
    }

    /** Lets requests in while there is a place and there are blocks; the first one in the queue is never overtaken. */
    void admit(Entrance entrance) {
        while (!waiting.isEmpty() && running.size() < maxSequences) {
            if (BlockPool.blocksFor(waiting.getFirst().prompt().longest()) > pool.free()) {
                return;
            }
            running.add(entrance.enter(waiting.removeFirst()));
        }
    }

    /** One token of every sequence that decodes, some of the prompts, and a little of one clip. */
    StepPlan plan() {
        List<Sequence> decoding = new ArrayList<>();
        List<Stretch> prefill = new ArrayList<>();
        Sequence encoding = null;
        int budget = PREFILL_BUDGET;
        for (Sequence sequence : running) {
            if (sequence.decoding()) {
                decoding.add(sequence);
            } else if (!sequence.visuals().complete()) {
                encoding = encoding == null ? sequence : encoding;
            } else {
                Stretch next = nextStretch(sequence);
                if (next.length() <= budget) {
                    prefill.add(next);
                    budget -= next.length();
                }
            }
        }
        return new StepPlan(encoding, decoding, prefill);
    }

    /** Takes a sequence out of the batch and its blocks back. */
    void leave(Sequence sequence) {
        running.remove(sequence);
        pool.release(sequence.blocks());
        sequence.visuals().release();
    }

    private static Stretch nextStretch(Sequence sequence) {
        int from = sequence.read();
        return new Stretch(
                sequence, from, Math.min(from + STRETCH, sequence.prompt().length()));
    }
}
