package dev.saccade.ledger.batches;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.idempotency.IdempotentAnswers;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.json.StorableText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes the lines of batches in. Each chunk is one transaction with how far the intake has come, so that one that broke off
 * goes on where it stopped, and no line becomes two jobs.
 */
public final class BatchIntakes {

    private static final int LONGEST_NAME = 200;
    private static final int SILENCE_SECONDS = 120;

    private final JdbcOperations jdbc;
    private final JobLedger jobs;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    BatchIntakes(JdbcOperations jdbc, JobLedger jobs, AuditLog audit, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.jobs = jobs;
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Begins a batch, or finds the one that this key has begun within the last day.
     *
     * @param key the tenant's idempotency key
     * @param nothing SHA-256 over no lines
     * @param source the file that it is made of; null where its lines come with the request
     */
    public Opening open(
            UUID tenantId, String actor, @Nullable String key, byte[] nothing, @Nullable BatchSource source) {
        return inTransaction(() -> {
            if (key != null) {
                jdbc.update(
                        "update batch set idempotency_key = null where tenant_id = ? and idempotency_key = ?"
                                + " and state <> 'VALIDATING' and created_at < now() - ? * interval '1 second'",
                        tenantId,
                        key,
                        IdempotentAnswers.KEPT.toSeconds());
            }
            var id = UuidCreator.getTimeOrderedEpoch();
            var token = UUID.randomUUID();
            var name = StorableText.clip(actor, LONGEST_NAME);
            int begun = jdbc.update(
                    "insert into batch (id, tenant_id, actor, state, idempotency_key, digest, intake_token, intake_until,"
                            + " input_file_id, endpoint, metadata)"
                            + " values (?, ?, ?, 'VALIDATING', ?, ?, ?, clock_timestamp() + ? * interval '1 second',"
                            + " cast(? as uuid), ?, cast(? as jsonb))"
                            + " on conflict (tenant_id, idempotency_key) where idempotency_key is not null do nothing",
                    id,
                    tenantId,
                    name,
                    key,
                    nothing,
                    token,
                    SILENCE_SECONDS,
                    source == null ? null : source.fileId(),
                    source == null ? null : source.endpoint(),
                    source == null ? null : source.metadata());
            if (begun == 0) {
                return known(tenantId, Objects.requireNonNull(key), token);
            }
            audit.append(new AuditEntry(tenantId, name, "batch.submitted", "batch", id, Map.of()));
            return new Opening.Open(new Intake(id, tenantId, token, 0, nothing, key != null));
        });
    }

    private Opening known(UUID tenantId, String key, UUID token) {
        var found = Objects.requireNonNull(jdbc.queryForObject(
                "select b.*, intake_until >= clock_timestamp() as busy from batch b"
                        + " where tenant_id = ? and idempotency_key = ? for update",
                (row, number) -> {
                    var view = BatchRows.view(row, number);
                    if (view.state() != BatchState.VALIDATING) {
                        return new Opening.Closed(view, BatchRows.intake(row, token));
                    }
                    return row.getBoolean("busy") ? new Opening.Busy() : new Opening.Open(BatchRows.intake(row, token));
                },
                tenantId,
                key));
        if (found instanceof Opening.Open(Intake intake)) {
            jdbc.update(
                    "update batch set intake_token = ?, intake_until = clock_timestamp() + ? * interval '1 second'"
                            + " where id = ?",
                    token,
                    SILENCE_SECONDS,
                    intake.batchId());
        }
        return found;
    }

    /**
     * Takes the next lines: all of them, or none.
     *
     * @param lines in their order; blank ones are left out
     * @param read number of the last line, blank or not
     * @param digest SHA-256 over all lines so far
     * @param repeated the error of a line whose custom_id an earlier line has
     * @throws IntakeLostException where this intake takes no more
     * @throws dev.saccade.ledger.videos.MediaUnavailableException as {@link JobLedger#submitAll}
     */
    public void take(Intake intake, List<BatchLine> lines, long read, byte[] digest, String repeated) {
        transaction.executeWithoutResult(status -> {
            var checked = withoutRepeated(intake, lines, repeated);
            List<NewJob> wanted = new ArrayList<>();
            for (var line : checked) {
                if (line instanceof BatchLine.Job job) {
                    wanted.add(job.job());
                }
            }
            int mine = jdbc.update(
                    "update batch set lines = ?, digest = ?, accepted = accepted + ?, rejected = rejected + ?,"
                            + " intake_until = clock_timestamp() + ? * interval '1 second'"
                            + " where id = ? and tenant_id = ? and intake_token = ? and state = 'VALIDATING' and lines < ?",
                    read,
                    digest,
                    wanted.size(),
                    checked.size() - wanted.size(),
                    SILENCE_SECONDS,
                    intake.batchId(),
                    intake.tenantId(),
                    intake.token(),
                    read);
            if (mine == 0) {
                throw new IntakeLostException();
            }
            var submitted = wanted.isEmpty()
                    ? List.<UUID>of().iterator()
                    : jobs.submitAll(wanted).stream().map(job -> job.id()).iterator();
            var rows = checked.stream()
                    .map(line -> switch (line) {
                        case BatchLine.Job job -> new Row(job.line(), job.customId(), submitted.next(), null);
                        case BatchLine.Wrong wrong -> new Row(wrong.line(), wrong.customId(), null, wrong.error());
                    })
                    .toList();
            insert(intake.batchId(), rows);
        });
    }

    private record Row(
            long line,
            @Nullable String customId,
            @Nullable UUID jobId,
            @Nullable String error) {}

    private void insert(UUID batchId, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        jdbc.update(
                "insert into batch_item (batch_id, line, custom_id, job_id, error)"
                        + " select cast(? as uuid), line, custom_id, job_id, cast(error as jsonb)"
                        + " from unnest(?::bigint[], ?::text[], ?::uuid[], ?::text[]) as r (line, custom_id, job_id, error)",
                batchId,
                rows.stream().map(Row::line).toArray(Long[]::new),
                rows.stream().map(Row::customId).toArray(String[]::new),
                rows.stream().map(Row::jobId).toArray(UUID[]::new),
                rows.stream().map(Row::error).toArray(String[]::new));
    }

    /** Only this intake inserts, so what it doesn't see isn't there. */
    private List<BatchLine> withoutRepeated(Intake intake, List<BatchLine> lines, String repeated) {
        var ids = lines.stream()
                .<String>mapMulti((line, found) -> {
                    if (line instanceof BatchLine.Job job) {
                        found.accept(job.customId());
                    }
                })
                .toArray(String[]::new);
        Set<String> seen = new HashSet<>(jdbc.queryForList(
                "select custom_id from batch_item where batch_id = ? and custom_id = any(?) and job_id is not null",
                String.class,
                intake.batchId(),
                ids));
        return lines.stream()
                .map(line -> line instanceof BatchLine.Job job && !seen.add(job.customId())
                        ? new BatchLine.Wrong(job.line(), job.customId(), repeated)
                        : line)
                .toList();
    }

    /** All lines are taken. */
    public void complete(Intake intake) {
        int mine = jdbc.update(
                "update batch set state = 'RUNNING', intake_token = null, intake_until = null, look_at = clock_timestamp()"
                        + " where id = ? and tenant_id = ? and intake_token = ? and state = 'VALIDATING'",
                intake.batchId(),
                intake.tenantId(),
                intake.token());
        if (mine == 0) {
            throw new IntakeLostException();
        }
    }

    /**
     * The rest did not come. Where the intake has a key, the client may go on at once; else the batch has the lines that were
     * taken and no more.
     */
    public void breakOff(Intake intake, String code, String message) {
        if (intake.keyed()) {
            jdbc.update(
                    "update batch set intake_until = clock_timestamp() - interval '1 millisecond'"
                            + " where id = ? and tenant_id = ? and intake_token = ? and state = 'VALIDATING'",
                    intake.batchId(),
                    intake.tenantId(),
                    intake.token());
        } else {
            refuseRest(intake, code, message);
        }
    }

    /** The batch has the lines that were taken and no more, whoever comes back to it. */
    public void refuseRest(Intake intake, String code, String message) {
        jdbc.update(
                "update batch set state = 'RUNNING', intake_token = null, intake_until = null, error_code = ?,"
                        + " error_message = ?, look_at = clock_timestamp()"
                        + " where id = ? and tenant_id = ? and intake_token = ? and state = 'VALIDATING'",
                code,
                message,
                intake.batchId(),
                intake.tenantId(),
                intake.token());
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
