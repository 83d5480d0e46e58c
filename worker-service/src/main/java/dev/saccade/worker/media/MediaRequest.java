package dev.saccade.worker.media;

import dev.saccade.ledger.videos.MediaRef;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** All the media of one job, asked of the cache. */
public final class MediaRequest {

    private final Map<String, MediaRef> files = new LinkedHashMap<>();
    private final CompletableFuture<PinnedMedia> ready = new CompletableFuture<>();
    private volatile List<CacheEntry> entries = List.of();

    MediaRequest(Collection<MediaRef> media) {
        media.forEach(ref -> files.put(CacheFolder.name(ref), ref));
    }

    /**
     * Completes when every file is there; exceptionally with a {@link FetchException}. Whoever stops waiting calls
     * {@link #abandon}.
     */
    public CompletableFuture<PinnedMedia> ready() {
        return ready;
    }

    /** Gives up the files, whether they are there, on their way or still waited for. */
    public void abandon() {
        ready.cancel(false);
        var _ = ready.whenComplete((pinned, failure) -> {
            if (pinned != null) {
                pinned.close();
            }
        });
    }

    /** Bytes that have come so far, of {@link #totalBytes}. */
    public long receivedBytes() {
        return entries.stream().mapToLong(CacheEntry::receivedBytes).sum();
    }

    public long totalBytes() {
        return files.values().stream().mapToLong(MediaRef::sizeBytes).sum();
    }

    /** What is wanted, by its name in the cache. */
    Map<String, MediaRef> files() {
        return files;
    }

    void follow(List<CacheEntry> entries) {
        this.entries = List.copyOf(entries);
    }
}
