package dev.saccade.ledger.jobs;

import dev.saccade.ledger.json.LedgerJson;
import dev.saccade.ledger.json.StorableText;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** A row of job_result. */
@Entity
@Immutable
@Table(name = "job_result")
class ResultEntity {

    private static final TypeReference<List<FramesUsed>> FRAMES = new TypeReference<>() {};
    private static final TypeReference<List<Completion>> COMPLETIONS = new TypeReference<>() {};
    private static final TypeReference<List<TokenLogprob>> LOGPROBS = new TypeReference<>() {};
    private static final TypeReference<List<String>> WARNINGS = new TypeReference<>() {};

    @Id
    @Column(name = "job_id")
    UUID jobId;

    @Column(name = "tenant_id")
    UUID tenantId;

    int attempt;
    String text;

    @Nullable
    String reasoning;

    String answer;

    @Column(name = "finish_reason")
    String finishReason;

    @Column(name = "prompt_tokens")
    int promptTokens;

    @Column(name = "completion_tokens")
    int completionTokens;

    @Column(name = "visual_tokens")
    int visualTokens;

    long seed;

    @JdbcTypeCode(SqlTypes.JSON)
    String sampling;

    @JdbcTypeCode(SqlTypes.JSON)
    String frames;

    @JdbcTypeCode(SqlTypes.JSON)
    String timings;

    @JdbcTypeCode(SqlTypes.JSON)
    String warnings;

    @Column(name = "model_name")
    String modelName;

    @Column(name = "model_fingerprint")
    String modelFingerprint;

    @Column(name = "engine_version")
    String engineVersion;

    @JdbcTypeCode(SqlTypes.JSON)
    @Nullable
    String completions;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "prompt_logprobs")
    @Nullable
    String promptLogprobs;

    @SuppressWarnings("NullAway.Init") // Hibernate or the factory below fills it
    protected ResultEntity() {}

    static ResultEntity of(Lease lease, JobOutcome outcome) {
        var row = new ResultEntity();
        row.jobId = lease.jobId();
        row.tenantId = lease.tenantId();
        row.attempt = lease.attempt();
        row.text = StorableText.clean(outcome.text());
        row.reasoning = outcome.reasoning() == null ? null : StorableText.clean(outcome.reasoning());
        row.answer = StorableText.clean(outcome.answer());
        row.finishReason = StorableText.clip(outcome.finishReason(), 100);
        row.promptTokens = outcome.promptTokens();
        row.completionTokens = outcome.completionTokens();
        row.visualTokens = outcome.visualTokens();
        row.seed = outcome.seed();
        row.sampling = LedgerJson.write(outcome.sampling());
        row.frames = LedgerJson.write(outcome.frames());
        row.timings = LedgerJson.write(outcome.timings());
        row.warnings = LedgerJson.write(outcome.warnings());
        row.modelName = StorableText.clip(outcome.modelName(), 1000);
        row.modelFingerprint = StorableText.clip(outcome.modelFingerprint(), 200);
        row.engineVersion = StorableText.clip(outcome.engineVersion(), 200);
        boolean plain = outcome.completions().size() == 1
                && outcome.completions().getFirst().isPlain();
        row.completions = plain ? null : LedgerJson.write(outcome.completions());
        row.promptLogprobs = outcome.promptLogprobs().isEmpty() ? null : LedgerJson.write(outcome.promptLogprobs());
        return row;
    }

    JobOutcome toOutcome() {
        return new JobOutcome(
                text,
                reasoning,
                answer,
                finishReason,
                promptTokens,
                completionTokens,
                visualTokens,
                seed,
                LedgerJson.read(sampling, Sampling.class),
                LedgerJson.read(frames, FRAMES),
                LedgerJson.read(timings, Timings.class),
                LedgerJson.read(warnings, WARNINGS),
                modelName,
                modelFingerprint,
                engineVersion,
                completions == null
                        ? List.of(new Completion(text, reasoning, answer, finishReason, completionTokens, List.of()))
                        : LedgerJson.read(completions, COMPLETIONS),
                promptLogprobs == null ? List.of() : LedgerJson.read(promptLogprobs, LOGPROBS));
    }
}
