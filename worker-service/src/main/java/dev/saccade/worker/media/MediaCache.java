package dev.saccade.worker.media;

import dev.saccade.ledger.videos.MediaRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files fetched from the store, at most so many bytes of them, the least recently used going first. Thread-safe.
 *
 * <p>A job gets room for all its files or waits: it never holds one while it waits for room for another, so jobs can't
 * block each other for ever. Files in use are never evicted. Jobs that need the same file share one download.
 */
public final class MediaCache implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MediaCache.class);

    private final CacheFolder folder;
    private final long maxBytes;
    private final MediaStore store;
    private final ExecutorService downloads;

    // guarded by this; in order of use, the longest unused first
    private final LinkedHashMap<String, CacheEntry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final ArrayDeque<MediaRequest> waiting = new ArrayDeque<>();
    private long bytes;

    /**
     * @param maxBytes most bytes on disk, files in use included
     * @param parallelDownloads files that are fetched at the same time
     * @throws UncheckedIOException where the folder can't be used
     */
    public MediaCache(Path folder, long maxBytes, MediaStore store, int parallelDownloads) {
        try {
            this.folder = CacheFolder.open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        this.maxBytes = maxBytes;
        this.store = store;
        this.downloads = Executors.newFixedThreadPool(
                parallelDownloads,
                Thread.ofPlatform().daemon().name("media-fetch-", 0).factory());
    }

    /** Asks for files; those that aren't here are fetched. Returns at once. */
    public synchronized MediaRequest request(Collection<MediaRef> media) {
        var request = new MediaRequest(media);
        if (request.totalBytes() > maxBytes) {
            request.ready()
                    .completeExceptionally(new UnusableMediaException(
                            "media-too-large",
                            "The videos and images of this job have " + request.totalBytes()
                                    + " bytes together; this service takes at most " + maxBytes + "."));
            return request;
        }
        waiting.add(request);
        admit();
        return request;
    }

    /** Bytes that are on disk or reserved for a download. */
    public synchronized long bytes() {
        return bytes;
    }

    /** First come, first served: a large request is not overtaken until it starves. */
    private synchronized void admit() {
        while (!waiting.isEmpty()) {
            var next = waiting.element();
            if (!next.ready().isDone() && !makeRoom(next)) {
                return;
            }
            waiting.remove();
            if (!next.ready().isDone()) {
                pin(next);
            }
        }
    }

    /** Evicts what the request needs; false, and nothing is evicted, where that would not be enough. */
    private boolean makeRoom(MediaRequest request) {
        long missing = request.files().entrySet().stream()
                .filter(file -> !entries.containsKey(file.getKey()))
                .mapToLong(file -> file.getValue().sizeBytes())
                .sum();
        long excess = bytes + missing - maxBytes;
        var victims = new ArrayList<CacheEntry>();
        for (var entry : entries.values()) {
            if (excess <= 0) {
                break;
            }
            if (entry.evictable() && !request.files().containsKey(entry.name)) {
                victims.add(entry);
                excess -= entry.bytes;
            }
        }
        if (excess > 0) {
            return false;
        }
        victims.forEach(this::evict);
        return true;
    }

    private void pin(MediaRequest request) {
        var pinned = new ArrayList<CacheEntry>();
        request.files().forEach((name, media) -> {
            var entry = entries.get(name);
            if (entry == null) {
                entry = new CacheEntry(name, media.sizeBytes(), folder.complete(name));
                entries.put(name, entry);
                bytes += entry.bytes;
                fetch(entry, media);
            }
            entry.pins++;
            pinned.add(entry);
        });
        request.follow(pinned);
        var all = CompletableFuture.allOf(
                pinned.stream().map(entry -> entry.fetched).toArray(CompletableFuture<?>[]::new));
        var _ = all.whenComplete((nothing, failure) -> settle(request, pinned, failure));
    }

    private void settle(MediaRequest request, List<CacheEntry> pinned, @Nullable Throwable failure) {
        var media = new PinnedMedia(paths(request), () -> unpin(pinned));
        if (failure != null) {
            media.close();
            request.ready().completeExceptionally(failure.getCause() == null ? failure : failure.getCause());
        } else if (!request.ready().complete(media)) {
            media.close(); // nobody waits for it any more
        }
    }

    private Map<UUID, Path> paths(MediaRequest request) {
        var paths = new HashMap<UUID, Path>();
        request.files().forEach((name, media) -> paths.put(media.videoId(), folder.complete(name)));
        return paths;
    }

    private synchronized void unpin(List<CacheEntry> pinned) {
        pinned.forEach(entry -> entry.pins--);
        admit();
    }

    private void fetch(CacheEntry entry, MediaRef media) {
        downloads.execute(() -> {
            try {
                new MediaDownload(store, media, entry.file, folder.partial(entry.name), entry.received).run();
                entry.fetched.complete(entry.file);
            } catch (FetchException | RuntimeException | Error e) {
                forget(entry, e);
            }
        });
    }

    /** The next request for this file fetches it again. */
    private void forget(CacheEntry entry, Throwable failure) {
        synchronized (this) {
            if (entries.remove(entry.name, entry)) {
                bytes -= entry.bytes;
            }
            if (failure instanceof RetryableFetchException retryable && retryable.isDiskFull()) {
                // the disk has less room than the bound promises: give back what can be given
                Set.copyOf(entries.values()).stream()
                        .filter(CacheEntry::evictable)
                        .forEach(this::evict);
            }
        }
        entry.fetched.completeExceptionally(failure);
        admit();
    }

    private void evict(CacheEntry entry) {
        entries.remove(entry.name);
        bytes -= entry.bytes;
        try {
            Files.deleteIfExists(entry.file);
        } catch (IOException e) {
            LOG.warn("A file stays in the media cache until the next start: {}", entry.file, e);
        }
    }

    /** Downloads that run are given up; files stay, for nobody, until the next start. */
    @Override
    public void close() {
        downloads.shutdownNow();
        try {
            folder.close();
        } catch (IOException e) {
            LOG.warn("The media cache's lock could not be released", e);
        }
    }
}
