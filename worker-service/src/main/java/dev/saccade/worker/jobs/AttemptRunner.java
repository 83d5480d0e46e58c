package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.ClaimOutcome.Claimed;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.worker.engine.InferenceEngine;
import dev.saccade.worker.media.FetchException;
import dev.saccade.worker.media.MediaCache;
import dev.saccade.worker.media.PinnedMedia;
import dev.saccade.worker.media.RetryableFetchException;
import dev.saccade.worker.media.UnusableMediaException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a claimed job's work, from its media to its outcome; writes nothing to the ledger. */
public final class AttemptRunner {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);

    private final Supplier<? extends InferenceEngine> engine;
    private final MediaCache cache;
    private final Duration fetchPatience;
    private final Runnable engineFailed;

    /**
     * @param engine waits until it is open
     * @param fetchPatience how long a store that fails is tried again before the attempt is given up
     * @param engineFailed runs for each job that fails because the engine is of no more use; must not wait
     */
    public AttemptRunner(
            Supplier<? extends InferenceEngine> engine,
            MediaCache cache,
            Duration fetchPatience,
            Runnable engineFailed) {
        this.engine = engine;
        this.cache = cache;
        this.fetchPatience = fetchPatience;
        this.engineFailed = engineFailed;
    }

    Outcome run(RunningJob job, Claimed claimed) {
        try {
            var media = fetch(job, claimed);
            if (media == null) {
                return halted(job);
            }
            job.progress().fetched();
            return generate(job, claimed, media);
        } catch (FetchException | RuntimeException | Error e) {
            return failure(job, e);
        }
    }

    /** Null where the job was halted meanwhile. */
    private @Nullable PinnedMedia fetch(RunningJob job, Claimed claimed) throws FetchException {
        long began = System.nanoTime();
        var backoff = new Backoff();
        while (true) {
            try {
                return fetchOnce(job, claimed);
            } catch (RetryableFetchException e) {
                if (System.nanoTime() - began >= fetchPatience.toNanos()) {
                    throw e;
                }
                LOG.warn(
                        "Media of job {} could not be fetched, trying again: {}",
                        job.lease().jobId(),
                        describe(e));
                if (haltedWithin(job, backoff.next())) {
                    return null;
                }
            }
        }
    }

    private @Nullable PinnedMedia fetchOnce(RunningJob job, Claimed claimed) throws FetchException {
        var request = cache.request(claimed.media());
        job.progress().fetching(request);
        awaitEither(request.ready(), job.halted());
        if (job.haltReason() != null) {
            request.abandon();
            return null;
        }
        try {
            return request.ready().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof FetchException fetch) {
                throw fetch;
            }
            throw e;
        }
    }

    private Outcome generate(RunningJob job, Claimed claimed, PinnedMedia media) throws UnusableMediaException {
        var open = engine.get();
        Generation generation;
        try {
            generation = open.submit(
                    EngineRequests.from(claimed.request(), claimed.urgency(), media.files()), job.progress());
        } catch (UnusableMediaException | RuntimeException | Error e) {
            media.close();
            if (e instanceof DeviceException refusal && isEngineFailure(refusal)) {
                engineFailed.run(); // by other jobs: this one has cost nothing
                return new Outcome.Outage(error(refusal.code(), refusal));
            }
            throw e;
        }
        // the engine reads the files for as long as it works on them, even when nobody waits for the result any more
        var result = generation.result();
        var _ = result.whenComplete((done, failure) -> media.close());
        awaitEither(result, job.halted());
        if (!result.isDone()) {
            generation.cancel();
            return halted(job);
        }
        return finished(job, claimed, result.join(), open);
    }

    /** A result that came before the halt is worth recording; the ledger decides whether it still counts. */
    private static Outcome finished(RunningJob job, Claimed claimed, GenerationResult result, InferenceEngine engine) {
        if (result.finishReason() != FinishReason.CANCELLED) {
            var request = claimed.request();
            var outcome = LedgerResults.from(result, engine.model(), engine.version(), request.origin());
            return new Outcome.Succeeded(ParsedResults.of(outcome, result, request.prompt()));
        }
        return job.haltReason() == null
                ? new Outcome.Retry(new JobError(
                        "generation-interrupted",
                        "The engine stopped in the middle of the answer; the job is tried again."))
                : halted(job);
    }

    private static Outcome halted(RunningJob job) {
        return new Outcome.Halted(job.halted().join());
    }

    private Outcome failure(RunningJob job, Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return switch (cause) {
            case DeviceException e
            when isEngineFailure(e) -> {
                engineFailed.run();
                yield new Outcome.Retry(error(e.code(), e));
            }
            case EngineException e when e.retryable() -> new Outcome.Retry(error(e.code(), e));
            case EngineException e -> new Outcome.Failed(error(e.code(), e));
            case RetryableFetchException e when e.isOutage() -> new Outcome.Outage(error(e.code(), e));
            case RetryableFetchException e -> new Outcome.Retry(error(e.code(), e));
            case UnusableMediaException e -> new Outcome.Failed(error(e.code(), e));
            default -> {
                LOG.error("Job {} met an error that is not its own", job.lease().jobId(), cause);
                yield new Outcome.Retry(
                        new JobError("worker-error", "Something went wrong in the worker; the job is tried again."));
            }
        };
    }

    private static boolean isEngineFailure(DeviceException failure) {
        return failure.code().equals(DeviceException.ENGINE_FAILED);
    }

    private static JobError error(String code, Exception sentence) {
        return new JobError(code, Objects.requireNonNullElse(sentence.getMessage(), code));
    }

    private static void awaitEither(CompletableFuture<?> work, CompletableFuture<Halt> halted) {
        CompletableFuture.anyOf(work, halted).exceptionally(failure -> failure).join();
    }

    private static boolean haltedWithin(RunningJob job, Duration wait) {
        return job.halted()
                        .copy()
                        .completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS)
                        .join()
                != null;
    }

    private static String describe(RetryableFetchException e) {
        var cause = e.getCause();
        return e.code() + (cause == null ? "" : " (" + cause + ")");
    }
}
