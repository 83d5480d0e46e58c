package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sequences that wait for a place in the batch: a queue for each class, in the order of arrival, so that one that had to give
 * way stands at the front again. A better class goes first, but not for ever: whoever has seen {@link #OVERTAKINGS} others go
 * before it as the first of its class is next, and nobody overtakes it any more.
 */
final class WaitingQueue {

    static final int OVERTAKINGS = 16;

    private final List<TreeSet<Sequence>> queues = new ArrayList<>(); // one for each class, the most urgent first
    private final int[] overtaken = new int[Priority.values().length];
    private int size;
    private int preempted;

    WaitingQueue() {
        for (int i = 0; i < overtaken.length; i++) {
            queues.add(new TreeSet<>(Sequence.ARRIVAL));
        }
    }

    void add(Sequence sequence) {
        if (queueOf(sequence).add(sequence)) {
            count(sequence, 1);
        }
    }

    void remove(Sequence sequence) {
        if (queueOf(sequence).remove(sequence)) {
            count(sequence, -1);
        }
    }

    private void count(Sequence sequence, int change) {
        size += change;
        preempted += sequence.group().started() ? change : 0;
    }

    int size() {
        return size;
    }

    /** Waiting sequences of requests that have been in the batch. */
    int preempted() {
        return preempted;
    }

    /** Who is next. */
    @Nullable
    Sequence next() {
        for (int i = 1; i < overtaken.length; i++) {
            if (overtaken[i] >= OVERTAKINGS && !queues.get(i).isEmpty()) {
                return queues.get(i).first();
            }
        }
        for (TreeSet<Sequence> queue : queues) {
            if (!queue.isEmpty()) {
                return queue.first();
            }
        }
        return null;
    }

    /** The next one gets its place. */
    void enters(Sequence next) {
        remove(next);
        int place = next.group().priority().ordinal();
        if (overtaken[place] >= OVERTAKINGS) {
            promote(next);
        }
        overtaken[place] = 0;
        for (int i = place + 1; i < overtaken.length; i++) {
            overtaken[i] += queues.get(i).isEmpty() ? 0 : 1;
        }
    }

    private void promote(Sequence next) {
        List<Sequence> siblings = new ArrayList<>(next.group().sequences());
        siblings.retainAll(queueOf(next));
        siblings.forEach(this::remove);
        next.group().promote();
        siblings.forEach(this::add);
    }

    private TreeSet<Sequence> queueOf(Sequence sequence) {
        return queues.get(sequence.group().priority().ordinal());
    }
}
