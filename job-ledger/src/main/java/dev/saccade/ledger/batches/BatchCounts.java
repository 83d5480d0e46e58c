package dev.saccade.ledger.batches;

/** How many of a batch's jobs are in which state. Jobs that retention has deleted count as none of these. */
public record BatchCounts(long queued, long running, long succeeded, long failed, long cancelled, long expired) {

    static final BatchCounts NONE = new BatchCounts(0, 0, 0, 0, 0, 0);

    public boolean unfinished() {
        return queued + running > 0;
    }
}
