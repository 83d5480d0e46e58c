package dev.saccade.ledger.critiques;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.json.StorableText;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Critiques of a tenant's: which clips are judged together, and by which jobs. */
public final class Critiques {

    private static final int LONGEST_NAME = 200;

    private final JdbcOperations jdbc;
    private final JobLedger jobs;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    Critiques(JdbcOperations jdbc, JobLedger jobs, AuditLog audit, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.jobs = jobs;
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Submits all of the jobs, or none of them.
     *
     * @param work one job for each clip, of one tenant, about one video each
     */
    public CritiqueView submit(UUID tenantId, String actor, List<NewJob> work) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        String by = StorableText.clip(actor, LONGEST_NAME);
        transaction.executeWithoutResult(status -> {
            List<JobView> submitted = jobs.submitAll(work);
            jdbc.update("insert into critique (id, tenant_id, actor) values (?, ?, ?)", id, tenantId, by);
            List<Object[]> clips = new ArrayList<>();
            for (int i = 0; i < submitted.size(); i++) {
                UUID video = submitted.get(i).request().mediaIds().getFirst();
                clips.add(new Object[] {id, i, video, submitted.get(i).id()});
            }
            jdbc.batchUpdate(
                    "insert into critique_clip (critique_id, position, video_id, job_id) values (?, ?, ?, ?)", clips);
            audit.append(
                    new AuditEntry(tenantId, by, "critique.submitted", "critique", id, Map.of("clips", work.size())));
        });
        return find(tenantId, id).orElseThrow();
    }

    /** Empty for an unknown id and for another tenant's. */
    public Optional<CritiqueView> find(UUID tenantId, UUID id) {
        List<Instant> created = jdbc.query(
                "select created_at from critique where tenant_id = ? and id = ?",
                (row, number) -> Objects.requireNonNull(row.getObject(1, OffsetDateTime.class))
                        .toInstant(),
                tenantId,
                id);
        return created.stream().findFirst().map(at -> new CritiqueView(id, at, clips(id)));
    }

    private List<CritiqueView.Clip> clips(UUID id) {
        return jdbc.query(
                "select video_id, job_id from critique_clip where critique_id = ? order by position",
                (row, number) -> new CritiqueView.Clip(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                id);
    }
}
