package dev.saccade.worker.media;

/** The store or the worker's disk failed; a later try, here or elsewhere, may succeed. */
public final class RetryableFetchException extends FetchException {

    private static final long serialVersionUID = 1L;
    private static final String DISK_FULL = "worker-disk-full";
    private static final String OUTAGE = "store-unavailable";

    RetryableFetchException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }

    static RetryableFetchException diskFull(Throwable cause) {
        return new RetryableFetchException(
                DISK_FULL, "The worker's disk is full or can't be written; the job is tried again.", cause);
    }

    static RetryableFetchException outage(Throwable cause) {
        return new RetryableFetchException(
                OUTAGE, "The media store can't be reached; the job waits until it can.", cause);
    }

    static RetryableFetchException storeFailed(Throwable cause) {
        return new RetryableFetchException(
                "store-failed", "The media store did not hand out the whole object; the job is tried again.", cause);
    }

    /** Whether no object at all can be fetched, so that the job isn't at fault. */
    public boolean isOutage() {
        return code().equals(OUTAGE);
    }

    boolean isDiskFull() {
        return code().equals(DISK_FULL);
    }
}
