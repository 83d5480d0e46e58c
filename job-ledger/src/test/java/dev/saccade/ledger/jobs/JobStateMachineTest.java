package dev.saccade.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.TestLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random interleavings of everything that can happen to one job, on the real database, against a model of a few lines. The
 * steps follow from a seed; a sequence that fails is cut down to one from which no step can be left out, and printed.
 * {@code -Dsaccade.ledger.sequences=1000} tries more of them, {@code -Dsaccade.ledger.seed=} others.
 */
class JobStateMachineTest {

    private static final int SEQUENCES = Integer.getInteger("saccade.ledger.sequences", 60);
    private static final long SEED = Long.getLong("saccade.ledger.seed", 1);
    private static final int LONGEST = 25;

    private static final TestLedger LEDGER = TestLedger.shared();

    private final UUID tenant = LEDGER.newTenant();

    private enum Kind {
        CLAIM,
        CLAIM_STALE,
        HEARTBEAT,
        EXPIRE_AND_SWEEP,
        SWEEP,
        CANCEL,
        SUCCEED,
        FAIL,
        STOP,
        REQUEUE,
        RELEASE
    }

    /** @param lease which of the leases that were ever granted makes the call; counted from the newest, round */
    private record Step(Kind kind, int lease) {}

    /** What the ledger should hold, in plain fields. */
    private static final class Model {
        JobState state = JobState.QUEUED;
        int attempt = 1;
        int failedAttempts;
        boolean cancelRequested;
        final List<String> attempts = new ArrayList<>();

        boolean holds(Lease lease) {
            return state == JobState.RUNNING && lease.attempt() == attempt;
        }

        void end(JobState end, String outcome) {
            attempts.set(attempts.size() - 1, outcome);
            state = end;
        }

        /** An attempt that ended without an outcome: cancelled where that was asked, else tried again or given up. */
        void giveBack(String outcome, boolean costs) {
            failedAttempts += costs ? 1 : 0;
            if (cancelRequested) {
                end(JobState.CANCELLED, outcome);
            } else if (costs && failedAttempts >= 3) {
                end(JobState.FAILED, outcome);
            } else {
                end(JobState.QUEUED, outcome);
                attempt++;
            }
        }
    }

    @Test
    void everyInterleavingLeavesWhatTheModelSays() {
        for (int i = 0; i < SEQUENCES; i++) {
            var steps = steps(new Random(SEED * 1_000_003 + i));
            var failure = failure(steps);
            if (failure != null) {
                var shortest = shrunk(steps);
                throw new AssertionError(
                        "With seed " + SEED + ", sequence " + i + ", these steps fail: " + shortest, failure);
            }
        }
    }

    private static List<Step> steps(Random random) {
        return random.ints(1 + random.nextInt(LONGEST), 0, Kind.values().length)
                .mapToObj(kind -> new Step(Kind.values()[kind], random.nextInt(10) < 7 ? 0 : random.nextInt(4)))
                .collect(Collectors.toList());
    }

    /** Leaves out steps, one at a time, for as long as what is left still fails. */
    private List<Step> shrunk(List<Step> steps) {
        var shortest = steps;
        for (int i = shortest.size() - 1; i >= 0; i--) {
            var without = new ArrayList<>(shortest);
            without.remove(i);
            if (failure(without) != null) {
                shortest = without;
            }
        }
        return shortest;
    }

    private @Nullable AssertionError failure(List<Step> steps) {
        try {
            play(steps);
            return null;
        } catch (AssertionError failure) {
            return failure;
        }
    }

    private void play(List<Step> steps) {
        var job = LEDGER.submit(tenant);
        var model = new Model();
        var leases = new ArrayList<Lease>();
        for (var step : steps) {
            take(step, job, model, leases);
            compare(step, job, model);
        }
        assertThat(LEDGER.strings("select attempt from job_result where job_id = ?", job))
                .as("results")
                .isEqualTo(model.state == JobState.SUCCEEDED ? List.of(Integer.toString(model.attempt)) : List.of());
        LEDGER.jobs().cancel(tenant, job, "test"); // so that no later sweep meets it
    }

    private void take(Step step, UUID job, Model model, List<Lease> leases) {
        var jobs = LEDGER.jobs();
        switch (step.kind()) {
            case CLAIM -> {
                boolean free = model.state == JobState.QUEUED;
                var outcome = jobs.claim(job, model.attempt, "worker", TestLedger.LEASE);
                assertThat(outcome instanceof ClaimOutcome.Claimed)
                        .as("claimed")
                        .isEqualTo(free);
                if (outcome instanceof ClaimOutcome.Claimed claimed) {
                    leases.add(claimed.lease());
                    model.state = JobState.RUNNING;
                    model.attempts.add("running");
                }
            }
            case CLAIM_STALE ->
                assertThat(jobs.claim(job, model.attempt + (step.lease() == 0 ? 1 : -1), "worker", TestLedger.LEASE))
                        .isInstanceOf(ClaimOutcome.NotClaimable.class);
            case EXPIRE_AND_SWEEP -> {
                LEDGER.loseLease(job);
                jobs.sweep(1_000);
                if (model.state == JobState.RUNNING) {
                    model.giveBack("LOST", true);
                }
            }
            case SWEEP -> jobs.sweep(1_000);
            case CANCEL -> {
                jobs.cancel(tenant, job, "key:test");
                if (model.state == JobState.QUEUED) {
                    model.state = JobState.CANCELLED;
                }
                model.cancelRequested |= model.state == JobState.RUNNING;
            }
            case HEARTBEAT, SUCCEED, FAIL, STOP, REQUEUE, RELEASE -> {
                if (!leases.isEmpty()) {
                    int newest = leases.size() - 1;
                    byWorker(step.kind(), leases.get(newest - step.lease() % leases.size()), model);
                }
            }
        }
    }

    private static void byWorker(Kind kind, Lease lease, Model model) {
        var jobs = LEDGER.jobs();
        boolean holds = model.holds(lease);
        String earlier = model.attempts.get(lease.attempt() - 1);
        switch (kind) {
            case HEARTBEAT ->
                assertThat(jobs.heartbeat(lease, TestLedger.PROGRESS, TestLedger.LEASE))
                        .isEqualTo(
                                !holds
                                        ? HeartbeatOutcome.LEASE_LOST
                                        : model.cancelRequested
                                                ? HeartbeatOutcome.CANCEL_REQUESTED
                                                : HeartbeatOutcome.CONTINUE);
            case SUCCEED -> {
                assertThat(jobs.succeed(lease, TestLedger.outcome("yes")))
                        .isEqualTo(holds || earlier.equals("SUCCEEDED"));
                if (holds) {
                    model.end(JobState.SUCCEEDED, "SUCCEEDED");
                }
            }
            case FAIL -> {
                assertThat(jobs.fail(lease, TestLedger.STORE_DOWN)).isEqualTo(holds || earlier.equals("FAILED"));
                if (holds) {
                    model.end(JobState.FAILED, "FAILED");
                }
            }
            case STOP -> {
                assertThat(jobs.cancelled(lease)).isEqualTo(holds || earlier.equals("CANCELLED"));
                if (holds) {
                    model.end(JobState.CANCELLED, "CANCELLED");
                }
            }
            case REQUEUE -> {
                var outcome = jobs.requeue(lease, TestLedger.STORE_DOWN);
                assertThat(outcome != RequeueOutcome.LEASE_LOST).isEqualTo(holds || earlier.equals("RETRYABLE"));
                if (holds) {
                    model.giveBack("RETRYABLE", true);
                }
            }
            case RELEASE -> {
                var outcome = jobs.release(lease);
                assertThat(outcome != RequeueOutcome.LEASE_LOST).isEqualTo(holds || earlier.equals("RELEASED"));
                if (holds) {
                    model.giveBack("RELEASED", false);
                }
            }
            case CLAIM, CLAIM_STALE, EXPIRE_AND_SWEEP, SWEEP, CANCEL -> throw new IllegalArgumentException(kind.name());
        }
    }

    private void compare(Step step, UUID job, Model model) {
        var found = LEDGER.jobs().find(tenant, job).orElseThrow();
        assertThat(found.state()).as("state after %s", step).isEqualTo(model.state);
        assertThat(found.attempt()).as("attempt after %s", step).isEqualTo(model.attempt);
        assertThat(LEDGER.attempts(job)).as("attempts after %s", step).isEqualTo(model.attempts);
    }
}
