package dev.saccade.api.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.FramesUsed;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobOrigin;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobProgress;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.QueueStanding;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Timings;
import dev.saccade.ledger.jobs.TokenLogprob;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A job as clients see it. Lists leave {@code request} and {@code result} out. */
@Schema(name = "Job")
record JobDocument(
        String id,
        State state,
        JobSubmission.Priority priority,

        @Schema(description = "From 1; more where an earlier attempt was lost")
        int attempt,

        int maxAttempts,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant startBy,
        @Nullable Instant finishBy,
        List<String> tags,
        boolean cancelRequested,
        @Schema(description = "While it waits") @Nullable Queue queue,
        @Nullable Progress progress,
        @Nullable Failure error,
        @Nullable Result result,
        @Nullable RequestDocument request,

        @Schema(description = "The job that this one was made from") @Nullable
        Origin origin,

        Links links) {

    enum State {
        @JsonProperty("queued")
        QUEUED,
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("succeeded")
        SUCCEEDED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("cancelled")
        CANCELLED,
        @JsonProperty("expired")
        EXPIRED
    }

    /** Where a waiting job stands among those of its priority. */
    @Schema(name = "JobQueue")
    record Queue(
            @Schema(description = "1 for the next one; 1001 stands for that or more")
            long position,

            @Schema(description = "Until a worker begins it, by the pace of the last minute; missing where nothing ran")
            @Nullable
            Long estimatedSeconds) {

        static @Nullable Queue of(@Nullable QueueStanding standing) {
            return standing == null ? null : new Queue(standing.ahead() + 1, standing.seconds());
        }
    }

    /** What this job was made from: {@code retry}, {@code clone} or {@code rerun} of a job. */
    @Schema(name = "JobOrigin")
    record Origin(String kind, String job) {

        static @Nullable Origin of(@Nullable JobOrigin origin) {
            return origin == null
                    ? null
                    : new Origin(origin.kind().name().toLowerCase(Locale.ROOT), ExternalId.JOB.format(origin.jobId()));
        }
    }

    /** How far the running attempt is, with the text written so far. */
    @Schema(name = "JobProgress")
    record Progress(String phase, long done, long total, int completionTokens, String text) {

        static @Nullable Progress of(@Nullable JobProgress progress) {
            return progress == null
                    ? null
                    : new Progress(
                            progress.phase(),
                            progress.done(),
                            progress.total(),
                            progress.completionTokens(),
                            progress.text());
        }
    }

    @Schema(name = "JobFailure")
    record Failure(String code, String message) {

        static @Nullable Failure of(@Nullable JobError error) {
            return error == null ? null : new Failure(error.code(), error.message());
        }
    }

    /** What the model wrote, and what is needed to have it write the same again. */
    @Schema(name = "JobResult")
    record Result(
            String text,
            @Nullable String reasoning,
            String answer,
            String finishReason,
            Usage usage,
            List<FramesUsed> frames,
            Timings timings,
            List<String> warnings,
            long seed,
            Sampling sampling,
            Model model,
            String engineVersion,

            @Schema(description = "With a prompt: the answer's structure, which keeps to the prompt's schema") @Nullable
            Object parsed,

            @Schema(description = "With a prompt: what of the answer could not be read, and why") @Nullable
            String parseError,

            @Schema(description = "All answers, where n is more than 1 or log probabilities were asked for") @Nullable
            List<Answer> completions,

            @Nullable List<TokenLogprob> promptLogprobs) {

        static @Nullable Result of(@Nullable JobOutcome outcome) {
            return outcome == null
                    ? null
                    : new Result(
                            outcome.text(),
                            outcome.reasoning(),
                            outcome.answer(),
                            outcome.finishReason(),
                            new Usage(outcome.promptTokens(), outcome.completionTokens(), outcome.visualTokens()),
                            outcome.frames(),
                            outcome.timings(),
                            outcome.warnings(),
                            outcome.seed(),
                            outcome.sampling(),
                            new Model(outcome.modelName(), outcome.modelFingerprint()),
                            outcome.engineVersion(),
                            Answer.structure(outcome.completions().getFirst()),
                            outcome.completions().getFirst().parseError(),
                            isPlain(outcome)
                                    ? null
                                    : outcome.completions().stream()
                                            .map(Answer::of)
                                            .toList(),
                            outcome.promptLogprobs().isEmpty() ? null : outcome.promptLogprobs());
        }

        private static boolean isPlain(JobOutcome outcome) {
            return outcome.completions().size() == 1
                    && outcome.completions().getFirst().logprobs().isEmpty();
        }
    }

    /** One of several answers. */
    @Schema(name = "Completion")
    record Answer(
            String text,
            @Nullable String reasoning,
            String answer,
            String finishReason,
            int tokens,
            List<TokenLogprob> logprobs,

            @Nullable Object parsed,

            @Nullable String parseError) {

        static Answer of(Completion stored) {
            return new Answer(
                    stored.text(),
                    stored.reasoning(),
                    stored.answer(),
                    stored.finishReason(),
                    stored.tokens(),
                    stored.logprobs(),
                    structure(stored),
                    stored.parseError());
        }

        static @Nullable Object structure(Completion stored) {
            return stored.parsed() == null ? null : ApiJson.MAPPER.readTree(stored.parsed());
        }
    }

    /** Tokens read and written; visual tokens are part of the prompt's. */
    @Schema(name = "JobUsage")
    record Usage(int promptTokens, int completionTokens, int visualTokens) {}

    @Schema(name = "JobModel")
    record Model(String name, String fingerprint) {}

    @Schema(name = "JobLinks")
    record Links(
            String self,
            String events,
            @Nullable String cancel,
            @Nullable String retry,
            @Nullable String rerun,
            @JsonProperty("clone") String copy) {

        static Links of(JobView job) {
            String self = "/v1/jobs/" + ExternalId.JOB.format(job.id());
            boolean ended = job.state().terminal();
            boolean succeeded = job.state() == JobState.SUCCEEDED;
            return new Links(
                    self,
                    self + "/events",
                    ended ? null : self + "/cancel",
                    ended && !succeeded ? self + "/retry" : null,
                    succeeded ? self + "/rerun" : null,
                    self + "/clone");
        }
    }

    /** @param standing of a waiting job; null leaves it out */
    static JobDocument of(JobView job, @Nullable QueueStanding standing) {
        return of(job, standing, RequestDocument.of(job.request()), Result.of(job.result()));
    }

    /** For a list: what fits many times into one answer. */
    static JobDocument summary(JobView job) {
        return of(job, null, null, null);
    }

    private static JobDocument of(
            JobView job, @Nullable QueueStanding standing, @Nullable RequestDocument request, @Nullable Result result) {
        return new JobDocument(
                ExternalId.JOB.format(job.id()),
                State.valueOf(job.state().name()),
                JobSubmission.Priority.valueOf(job.urgency().name()),
                job.attempt(),
                job.maxAttempts(),
                job.createdAt(),
                job.startedAt(),
                job.finishedAt(),
                job.startBy(),
                job.finishBy(),
                job.tags(),
                job.cancelRequested(),
                Queue.of(standing),
                Progress.of(job.progress()),
                Failure.of(job.error()),
                result,
                request,
                Origin.of(job.request().origin()),
                Links.of(job));
    }
}
