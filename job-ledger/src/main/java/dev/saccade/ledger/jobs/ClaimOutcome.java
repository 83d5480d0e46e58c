package dev.saccade.ledger.jobs;

import dev.saccade.ledger.videos.MediaRef;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a worker got when it followed a hint. */
public sealed interface ClaimOutcome {

    /**
     * The job is the caller's until the lease runs out.
     *
     * @param media what the request needs, each once, in prompt order; one that was deleted since is missing
     */
    record Claimed(
            Lease lease,
            UUID tenantId,
            JobRequest request,
            Urgency urgency,
            @Nullable Instant finishBy,
            List<MediaRef> media)
            implements ClaimOutcome {

        public Claimed {
            media = List.copyOf(media);
        }
    }

    /** Nothing to do: acknowledge the message and drop it. The sweeper sends a new hint where one is needed. */
    record NotClaimable(Reason reason) implements ClaimOutcome {}

    /** Why a job can't be claimed. */
    enum Reason {
        UNKNOWN_JOB,
        /** It succeeded or failed. */
        FINISHED,
        /** Another worker runs this very attempt. */
        HELD,
        /** The job is at another attempt: the hint is old. */
        STALE_ATTEMPT,
        CANCELLED,
        /** Its start_by or finish_by has passed. */
        EXPIRED
    }
}
