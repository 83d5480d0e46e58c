package dev.saccade.ledger.jobs;

import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.audit.AuditRow;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the audit log says about jobs: one row for each change of state, and for what was refused. */
final class JobJournal {

    static final String LEDGER = "ledger";
    private static final String CANCEL_REQUESTED = "job.cancel_requested";

    private final AuditLog audit;

    JobJournal(AuditLog audit) {
        this.audit = audit;
    }

    static String actorOf(Lease lease) {
        return "worker:" + lease.workerId();
    }

    /** For the statement that takes the job in. */
    static AuditRow submitted(JobEntity job) {
        return AuditRow.of(entry(
                job.tenantId, job.id, job.actor, "job.submitted", Map.of("urgency", job.urgency, "to", job.state)));
    }

    /** For the statement that moves a job by its lease. */
    static AuditRow moved(Lease lease, JobState from, JobState to) {
        JobTransitions.require(from, to);
        return AuditRow.of(entry(
                lease.tenantId(),
                lease.jobId(),
                actorOf(lease),
                action(to),
                Map.of("from", from, "to", to, "attempt", lease.attempt())));
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
        append(tenantId, jobId, actor, action(to), detail);
    }

    /** For the statement that cancels many. */
    static AuditRow cancelled(UUID tenantId, CancelStatements.Open job, String actor) {
        if (job.state() == JobState.RUNNING) {
            return AuditRow.of(entry(tenantId, job.id(), actor, CANCEL_REQUESTED, Map.of("attempt", job.attempt())));
        }
        JobTransitions.require(job.state(), JobState.CANCELLED);
        return AuditRow.of(entry(
                tenantId,
                job.id(),
                actor,
                action(JobState.CANCELLED),
                Map.of("from", job.state(), "to", JobState.CANCELLED, "attempt", job.attempt())));
    }

    void cancelRequested(JobEntity job, String actor) {
        append(job.tenantId, job.id, actor, CANCEL_REQUESTED, Map.of("attempt", job.attempt));
    }

    void hintedAgain(JobEntity job, String actor) {
        append(job.tenantId, job.id, actor, "job.hinted_again", Map.of("attempt", job.attempt));
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
        audit.append(entry(tenantId, jobId, actor, action, detail));
    }

    private static AuditEntry entry(UUID tenantId, UUID jobId, String actor, String action, Map<String, ?> detail) {
        return new AuditEntry(tenantId, actor, action, "job", jobId, detail);
    }

    private static String action(JobState to) {
        return "job." + to.name().toLowerCase(Locale.ROOT);
    }
}
