package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.JobProgress;
import dev.saccade.ledger.json.StorableText;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.worker.events.LiveSource;
import dev.saccade.worker.media.MediaRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a job is: written by the engine's threads, read by the heartbeat and by whoever publishes live events. */
final class LiveProgress implements GenerationListener, LiveSource {

    // guarded by this
    private @Nullable MediaRequest media;
    private String phase = "fetching";
    private long done;
    private long total;
    private int completionTokens;
    private final List<StringBuilder> texts = new ArrayList<>(List.of(new StringBuilder()));
    private long version;

    @Override
    public synchronized long version() {
        // bytes of media arrive without telling
        return media == null ? version : version + media.receivedBytes();
    }

    @Override
    public synchronized JobProgress snapshot() {
        return media == null
                ? new JobProgress(
                        phase,
                        done,
                        total,
                        completionTokens,
                        texts.getFirst().toString(),
                        texts.stream().skip(1).map(StringBuilder::toString).toList())
                : new JobProgress(phase, media.receivedBytes(), media.totalBytes(), 0, "");
    }

    /** Counted in bytes until {@link #fetched}. */
    synchronized void fetching(MediaRequest request) {
        media = request;
    }

    synchronized void fetched() {
        version += media == null ? 1 : media.receivedBytes() + 1;
        media = null;
        phase = "waiting";
    }

    @Override
    public synchronized void onProgress(Phase phase, long done, long total) {
        version++;
        this.phase = name(phase);
        this.done = done;
        this.total = total;
        if (phase == Phase.DECODE) {
            completionTokens = Math.toIntExact(done);
        }
    }

    @Override
    public synchronized void onText(int completion, String delta) {
        version++;
        while (texts.size() <= completion) {
            texts.add(new StringBuilder());
        }
        // as the ledger will store it, so that offsets into both are the same
        texts.get(completion).append(StorableText.clean(delta));
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
