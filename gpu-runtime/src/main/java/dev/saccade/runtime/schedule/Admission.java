package dev.saccade.runtime.schedule;

import dev.saccade.runtime.kv.BlockPool;
import org.jspecify.annotations.Nullable;

/**
 * Lets waiting sequences into the batch, strictly in their order: who doesn't fit yet is not overtaken by a smaller one. One
 * fits when all its tokens have room beside those that the running sequences have, and everyone can still grow by a block.
 * For the sake of a better class, sequences of a worse one give way.
 */
final class Admission {

    private final BlockPool pool;
    private final Batch batch;
    private final WaitingQueue waiting;
    private final Prefixes prefixes;
    private final int maxSequences;

    private @Nullable Sequence refused; // with how much was available then, and how many ran
    private int availableThen;
    private int runningThen;

    Admission(BlockPool pool, Batch batch, WaitingQueue waiting, Prefixes prefixes, int maxSequences) {
        this.pool = pool;
        this.batch = batch;
        this.waiting = waiting;
        this.prefixes = prefixes;
        this.maxSequences = maxSequences;
    }

    void admit() {
        for (Sequence next = waiting.next(); next != null; next = waiting.next()) {
            if (isAsBefore(next)) {
                return;
            }
            prefixes.adopt(next);
            if ((!fits(next) && !othersGiveWay(next)) || !hasVisuals(next)) {
                pool.release(next.blocks());
                next.restart();
                refused = next;
                availableThen = pool.available();
                runningThen = batch.size();
                return;
            }
            refused = null;
            waiting.enters(next);
            batch.enter(next);
        }
    }

    /** Nothing has become better since the same sequence was refused. */
    private boolean isAsBefore(Sequence next) {
        return next == refused && pool.available() <= availableThen && batch.size() >= runningThen;
    }

    private boolean fits(Sequence next) {
        return batch.size() == 0 || (batch.size() < maxSequences && wanted(next) <= pool.available());
    }

    /** There is room for the visual tokens that it has yet to read. */
    private boolean hasVisuals(Sequence next) {
        return next.group().visuals().needFrom(next.computed(), batch.size() == 0);
    }

    private boolean othersGiveWay(Sequence next) {
        int missing = wanted(next) - pool.available();
        int giving = 0;
        while (giving < batch.size()) {
            Sequence other = batch.get(batch.size() - 1 - giving);
            if (other.group().priority().compareTo(next.group().priority()) <= 0) {
                return false;
            }
            missing -= pool.heldAlone(other.blocks()) + Batch.missing(other) + 1;
            giving++;
            if (giving == batch.size() || (missing <= 0 && batch.size() - giving < maxSequences)) {
                break;
            }
        }
        for (int i = 0; i < giving; i++) {
            batch.preemptLast();
        }
        return giving > 0;
    }

    /** Blocks that have to be there: its own, its siblings', those of the others, and one for each to grow. */
    private int wanted(Sequence next) {
        int siblings = next.written() == 0 ? 2 * (next.group().samples() - 1) : 0;
        return Batch.missing(next) + siblings + batch.promised() + batch.size();
    }
}
