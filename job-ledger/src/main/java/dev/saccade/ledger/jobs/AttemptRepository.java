package dev.saccade.ledger.jobs;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The statements on job_attempt. */
interface AttemptRepository extends Repository<AttemptEntity, UUID> {

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query(
            nativeQuery = true,
            value = "update job_attempt set ended_at = clock_timestamp(), outcome = :outcome,"
                    + " error_code = :errorCode, error_message = :errorMessage"
                    + " where job_id = :jobId and attempt = :attempt and tenant_id = :tenantId and outcome is null")
    int end(
            UUID tenantId,
            UUID jobId,
            int attempt,
            String outcome,
            @Nullable String errorCode,
            @Nullable String errorMessage);

    @Query("select a.outcome from AttemptEntity a"
            + " where a.tenantId = :tenantId and a.jobId = :jobId and a.attempt = :attempt and a.leaseToken = :token")
    Optional<AttemptOutcome> outcomeOf(UUID tenantId, UUID jobId, int attempt, UUID token);
}
