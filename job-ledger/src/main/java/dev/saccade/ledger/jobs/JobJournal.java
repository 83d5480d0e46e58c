package dev.saccade.ledger.jobs;

import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the audit log says about jobs: one row for each change of state, and for what was refused. */
final class JobJournal {

    static final String LEDGER = "ledger";

    private final AuditLog audit;

    JobJournal(AuditLog audit) {
        this.audit = audit;
    }

    static String actorOf(Lease lease) {
        return "worker:" + lease.workerId();
    }

    void submitted(JobEntity job) {
        append(job.tenantId, job.id, job.actor, "job.submitted", Map.of("urgency", job.urgency, "to", job.state));
    }

    /** {@code attempt} is the one that the change is about: for a requeue, the one that ended. */
    void moved(
            UUID tenantId,
            UUID jobId,
            String actor,
            JobState from,
            JobState to,
            int attempt,
            @Nullable JobError error) {
        JobTransitions.require(from, to);
        var detail = new HashMap<String, Object>(Map.of("from", from, "to", to, "attempt", attempt));
        if (error != null) {
            detail.put("error", error.code());
        }
        append(tenantId, jobId, actor, "job." + to.name().toLowerCase(Locale.ROOT), detail);
    }

    void cancelRequested(JobEntity job, String actor) {
        append(job.tenantId, job.id, actor, "job.cancel_requested", Map.of("attempt", job.attempt));
    }

    /** Somebody without the lease wanted to end an attempt. */
    void discarded(Lease lease, AttemptOutcome outcome) {
        append(
                lease.tenantId(),
                lease.jobId(),
                actorOf(lease),
                "result.discarded",
                Map.of("attempt", lease.attempt(), "outcome", outcome));
    }

    private void append(UUID tenantId, UUID jobId, String actor, String action, Map<String, ?> detail) {
        audit.append(new AuditEntry(tenantId, actor, action, "job", jobId, detail));
    }
}
