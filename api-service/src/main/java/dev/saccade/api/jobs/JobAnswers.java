package dev.saccade.api.jobs;

import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.jobs.QueueStanding;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.MediaUnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;

/** Answers about jobs: with where they stand in the queue, when to ask again, a tag to poll with, or not before they end. */
public final class JobAnswers {

    private static final Duration RENDERING = Duration.ofSeconds(10);

    private final JobLedger ledger;
    private final JobWaits waits;
    private final Idempotency idempotency;
    private final OutboxRelay relay;

    public JobAnswers(JobLedger ledger, JobWaits waits, Idempotency idempotency, OutboxRelay relay) {
        this.ledger = ledger;
        this.waits = waits;
        this.idempotency = idempotency;
        this.relay = relay;
    }

    /** Finds the tenant's job by its external id. */
    JobView find(Caller caller, String id) {
        return ExternalId.JOB
                .parse(id)
                .flatMap(known -> ledger.find(caller.tenantId(), known))
                .orElseThrow(() -> ProblemException.notFound("job"));
    }

    /**
     * Submits what {@code job} gives, once for each idempotency key, and waits for its end where the client prefers that.
     *
     * @return what Spring takes for an answer: a response, or one that comes later
     */
    Object submit(HttpServletRequest request, Caller caller, Supplier<NewJob> job) {
        ResponseEntity<?> answer = idempotency.once(request, caller, () -> accepted(job.get()));
        relay.wake();
        Optional<Duration> wait = Preference.wait(request);
        URI location = answer.getHeaders().getLocation();
        if (wait.isEmpty() || location == null) {
            return answer;
        }
        String path = location.getPath();
        return later(caller, path.substring(path.lastIndexOf('/') + 1), wait.get(), location);
    }

    /**
     * Submits what {@code job} gives, once for each idempotency key.
     *
     * @return the job's id, also where a request before this one had submitted it
     */
    public UUID submitted(HttpServletRequest request, Caller caller, Supplier<NewJob> job) {
        ResponseEntity<?> answer = idempotency.once(request, caller, () -> accepted(job.get()));
        relay.wake();
        String path = Objects.requireNonNull(answer.getHeaders().getLocation()).getPath();
        return ExternalId.JOB.parse(path.substring(path.lastIndexOf('/') + 1)).orElseThrow();
    }

    private ResponseEntity<JobDocument> accepted(NewJob job) {
        JobView submitted;
        try {
            submitted = ledger.submit(job);
        } catch (MediaUnavailableException gone) {
            throw new ProblemException(
                    422, "video-not-ready", "A video or image of this job is not there any more. Upload it again.");
        }
        QueueStanding standing = standing(submitted);
        JobDocument document = JobDocument.of(submitted, standing);
        return ResponseEntity.accepted()
                .location(URI.create(document.links().self()))
                .header(HttpHeaders.RETRY_AFTER, Long.toString(QueueWait.seconds(submitted, standing)))
                .body(document);
    }

    /** The job now, or when it has ended, where the client prefers to wait. */
    Object get(HttpServletRequest request, Caller caller, String id) {
        JobView job = find(caller, id);
        Optional<Duration> wait = Preference.wait(request);
        return wait.isEmpty() || job.state().terminal()
                ? of(HttpStatusCode.valueOf(200), job)
                : later(caller, id, wait.get(), null);
    }

    /** With an ETag, from which Spring answers 304 where the client has this very document. */
    ResponseEntity<byte[]> of(HttpStatusCode status, JobView job) {
        return of(status, job, new HttpHeaders());
    }

    private ResponseEntity<byte[]> of(HttpStatusCode status, JobView job, HttpHeaders headers) {
        QueueStanding standing = standing(job);
        byte[] body = ApiJson.MAPPER.writeValueAsBytes(JobDocument.of(job, standing));
        var answer = ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_JSON)
                .eTag(tag(body));
        if (!job.state().terminal()) {
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(QueueWait.seconds(job, standing)));
        }
        return answer.body(body);
    }

    private @Nullable QueueStanding standing(JobView job) {
        return job.state() == JobState.QUEUED ? ledger.standing(job.urgency(), job.id()) : null;
    }

    private static String tag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private DeferredResult<ResponseEntity<byte[]>> later(
            Caller caller, String id, Duration wait, @Nullable URI location) {
        UUID jobId = ExternalId.JOB.parse(id).orElseThrow(() -> ProblemException.notFound("job"));
        var answer =
                new DeferredResult<ResponseEntity<byte[]>>(wait.plus(RENDERING).toMillis());
        waits.ended(jobId, wait).whenComplete((ended, impossible) -> {
            try {
                JobView job = find(caller, id);
                boolean accepted = location != null && !job.state().terminal();
                var headers = new HttpHeaders();
                headers.set(Preference.APPLIED, "wait=" + wait.toSeconds());
                if (location != null) {
                    headers.setLocation(location);
                }
                answer.setResult(of(HttpStatusCode.valueOf(accepted ? 202 : 200), job, headers));
            } catch (RuntimeException failure) {
                answer.setErrorResult(failure);
            }
        });
        return answer;
    }
}
