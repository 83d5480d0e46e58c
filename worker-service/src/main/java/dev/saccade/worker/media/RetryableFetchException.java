package dev.saccade.worker.media;

/** The store or the worker's disk failed; a later try, here or elsewhere, may succeed. */
public final class RetryableFetchException extends FetchException {

    private static final long serialVersionUID = 1L;
    private static final String DISK_FULL = "worker-disk-full";

    public RetryableFetchException(String code, String message, Throwable cause) {
        super(code, message, cause);
    }

    static RetryableFetchException diskFull(Throwable cause) {
        return new RetryableFetchException(
                DISK_FULL, "The worker's disk is full or can't be written; the job is tried again.", cause);
    }

    boolean isDiskFull() {
        return code().equals(DISK_FULL);
    }
}
