package dev.saccade.api.store;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.minio.errors.ErrorResponseException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A store behind a circuit breaker: when it has failed again and again, calls are refused at once for a moment, instead of
 * each holding a request until its time-out. An object that is missing, or a client that breaks off, is no failure.
 */
public final class GuardedStore implements ObjectStore, AutoCloseable {

    private static final int CALLS = 10;
    private static final int FEWEST_CALLS = 5;
    private static final float FAILED_PERCENT = 50;
    private static final int TRIALS = 5;
    /** A trial may be a large upload: after so long others are let through too. */
    private static final Duration LONGEST_TRIAL = Duration.ofSeconds(10);

    private final S3Store store;
    private final CircuitBreaker breaker;

    /** @param pause how long calls are refused before some are tried again */
    public GuardedStore(S3Store store, Duration pause) {
        this.store = store;
        this.breaker = CircuitBreaker.of(
                "store",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(CALLS)
                        .minimumNumberOfCalls(FEWEST_CALLS)
                        .failureRateThreshold(FAILED_PERCENT)
                        .waitDurationInOpenState(pause)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .maxWaitDurationInHalfOpenState(LONGEST_TRIAL)
                        .writableStackTraceEnabled(false)
                        .recordException(GuardedStore::isTheStoresFault)
                        .build());
    }

    /** Whether calls are refused or only some are tried. */
    public boolean refusing() {
        return breaker.getState() != CircuitBreaker.State.CLOSED;
    }

    /** Calls that were refused since the start. */
    public long refused() {
        return breaker.getMetrics().getNumberOfNotPermittedCalls();
    }

    @Override
    public void put(String key, InputStream content) {
        permit();
        long began = breaker.getCurrentTimestamp();
        Source source = new Source(content);
        try {
            store.put(key, source);
        } catch (RuntimeException failure) {
            if (source.failed) {
                breaker.releasePermission(); // says nothing about the store
            } else {
                breaker.onError(breaker.getCurrentTimestamp() - began, breaker.getTimestampUnit(), failure);
            }
            throw failure;
        }
        breaker.onSuccess(breaker.getCurrentTimestamp() - began, breaker.getTimestampUnit());
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        return guarded(() -> store.read(key, offset, length));
    }

    @Override
    public void remove(String key) {
        guarded(() -> {
            store.remove(key);
            return key;
        });
    }

    @Override
    public void removeFolder(String prefix) {
        guarded(() -> {
            store.removeFolder(prefix);
            return prefix;
        });
    }

    @Override
    public Optional<Stored> stat(String key) {
        return guarded(() -> store.stat(key));
    }

    @Override
    public URI presignPut(String key, long bytes, Duration life) {
        return store.presignPut(key, bytes, life);
    }

    /** Asks in any case; a store that answers again is used again at once. */
    @Override
    public boolean reachable() {
        boolean reachable = store.reachable();
        if (reachable && refusing()) {
            breaker.reset();
        }
        return reachable;
    }

    private <T> T guarded(Supplier<T> call) {
        try {
            return breaker.executeSupplier(call);
        } catch (CallNotPermittedException refused) {
            throw leftAlone(refused);
        }
    }

    private void permit() {
        try {
            breaker.acquirePermission();
        } catch (CallNotPermittedException refused) {
            throw leftAlone(refused);
        }
    }

    private static StoreUnavailableException leftAlone(CallNotPermittedException refused) {
        return new StoreUnavailableException("The store has failed again and again and is left alone.", refused);
    }

    /** A refusal such as "no such key" is an answer. */
    private static boolean isTheStoresFault(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ErrorResponseException answer) {
                return answer.response().code() >= 500;
            }
        }
        return true;
    }

    @Override
    public void close() {
        store.close();
    }

    /** Knows whether it was the content that could not be read. */
    private static final class Source extends FilterInputStream {

        private boolean failed;

        private Source(InputStream content) {
            super(content);
        }

        @Override
        public int read() throws IOException {
            boolean done = false;
            try {
                int read = super.read();
                done = true;
                return read;
            } finally {
                failed |= !done;
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            boolean done = false;
            try {
                int read = super.read(buffer, offset, length);
                done = true;
                return read;
            } finally {
                failed |= !done;
            }
        }
    }
}
