package dev.saccade.worker.media;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A file that is in the cache or on its way. It takes its bytes of the bound from the start of its download. */
final class CacheEntry {

    final String name;
    final long bytes;
    final Path file;
    final AtomicLong received = new AtomicLong();
    /** Completes when the file is there, or exceptionally with a {@link FetchException}. */
    final CompletableFuture<Path> fetched = new CompletableFuture<>();

    /** Requests that use it; guarded by the cache. */
    int pins;

    CacheEntry(String name, long bytes, Path file) {
        this.name = name;
        this.bytes = bytes;
        this.file = file;
    }

    long receivedBytes() {
        return Math.min(received.get(), bytes);
    }

    boolean evictable() {
        return pins == 0 && fetched.isDone();
    }
}
