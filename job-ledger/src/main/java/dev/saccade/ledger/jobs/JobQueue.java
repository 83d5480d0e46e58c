package dev.saccade.ledger.jobs;

import dev.saccade.ledger.DatabaseClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The real queue, asked cheaply: no count goes further than it is told, and the pace is measured once in five seconds. */
final class JobQueue {

    static final int COUNTED_MOST = 1_000;

    /** An empty list is no SQL. */
    private static final List<String> NO_URGENCY = List.of("");

    private static final Duration MEASURED = Duration.ofMinutes(1);
    private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int BEGUN_MOST = 10_000;

    private final JobRepository jobs;
    private final DatabaseClock clock;
    private final AtomicReference<@Nullable Pace> pace = new AtomicReference<>();

    JobQueue(JobRepository jobs, DatabaseClock clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Attempts begun in the last minute, of all tenants, as measured at a time of {@link System#nanoTime}. */
    private record Pace(long begun, long measuredAt) {}

    QueueStanding standing(Urgency urgency, UUID jobId) {
        var moreUrgent = Arrays.stream(Urgency.values())
                .filter(first -> first.ordinal() < urgency.ordinal())
                .map(Urgency::name)
                .toList();
        var counted = jobs.countAhead(
                        urgency.name(), jobId, moreUrgent.isEmpty() ? NO_URGENCY : moreUrgent, COUNTED_MOST)
                .getFirst();
        long ahead = ((Number) counted[0]).longValue();
        long more = ahead + ((Number) counted[1]).longValue();
        long begun = begun();
        Long seconds = begun == 0 ? null : Math.ceilDiv(more * MEASURED.toSeconds(), begun);
        return new QueueStanding(ahead, ahead < COUNTED_MOST, seconds);
    }

    private long begun() {
        var known = pace.get();
        long now = System.nanoTime();
        if (known == null || now - known.measuredAt() > FRESH_NANOS) {
            var since = JobSearch.firstIdAt(clock.now().minus(MEASURED));
            known = new Pace(jobs.countBegun(since, BEGUN_MOST), now);
            pace.set(known);
        }
        return known.begun();
    }
}
