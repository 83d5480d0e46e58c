package dev.saccade.ledger.jobs;

import java.util.UUID;

/**
 * A worker's right to finish one attempt of a job.
 *
 * @param token random, new with every claim: whoever can't name it doesn't own the job
 */
public record Lease(UUID jobId, UUID tenantId, int attempt, UUID token, String workerId) {}
