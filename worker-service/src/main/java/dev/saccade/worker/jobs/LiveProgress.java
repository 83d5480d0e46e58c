package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.JobProgress;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.worker.media.MediaRequest;
import org.jspecify.annotations.Nullable;

/** How far a job is: written by the engine's threads, read by the heartbeat. */
final class LiveProgress implements GenerationListener {

    // guarded by this
    private @Nullable MediaRequest media;
    private String phase = "fetching";
    private long done;
    private long total;
    private int completionTokens;
    private final StringBuilder text = new StringBuilder();

    synchronized JobProgress snapshot() {
        return media == null
                ? new JobProgress(phase, done, total, completionTokens, text.toString())
                : new JobProgress(phase, media.receivedBytes(), media.totalBytes(), 0, "");
    }

    /** Counted in bytes until {@link #fetched}. */
    synchronized void fetching(MediaRequest request) {
        media = request;
    }

    synchronized void fetched() {
        media = null;
        phase = "waiting";
    }

    @Override
    public synchronized void onProgress(Phase phase, long done, long total) {
        this.phase = name(phase);
        this.done = done;
        this.total = total;
        if (phase == Phase.DECODE) {
            completionTokens = Math.toIntExact(done);
        }
    }

    @Override
    public synchronized void onText(String delta) {
        text.append(delta);
    }

    private static String name(Phase phase) {
        return switch (phase) {
            case MEDIA -> "decoding";
            case VISION -> "vision";
            case PREFILL -> "reading";
            case DECODE -> "generating";
        };
    }
}
