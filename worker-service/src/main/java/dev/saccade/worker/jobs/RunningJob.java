package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.Lease;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A job that this worker has claimed: what its thread, the heartbeat and the drain share. */
final class RunningJob {

    private final Lease lease;
    private final LeaseClock clock;
    private final LiveProgress progress = new LiveProgress();
    private final CompletableFuture<Halt> halted = new CompletableFuture<>();

    RunningJob(Lease lease, LeaseClock clock) {
        this.lease = lease;
        this.clock = clock;
    }

    Lease lease() {
        return lease;
    }

    LeaseClock clock() {
        return clock;
    }

    LiveProgress progress() {
        return progress;
    }

    /** Asks the job's thread to stop. The first reason stays, except that a lost lease outweighs every other. */
    void halt(Halt reason) {
        if (!halted.complete(reason) && reason == Halt.LEASE_LOST) {
            halted.obtrudeValue(reason);
        }
    }

    /** Completes when the job is to stop. */
    CompletableFuture<Halt> halted() {
        return halted;
    }

    /** Why the job is to stop; null as long as it may go on. */
    @Nullable
    Halt haltReason() {
        return halted.getNow(null);
    }
}
