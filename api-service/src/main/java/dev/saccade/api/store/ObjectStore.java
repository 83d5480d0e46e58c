package dev.saccade.api.store;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where uploaded bytes lie. Each key is written once and never changed. */
public interface ObjectStore {

    /**
     * Writes an object of unknown length, holding at most one part of it in memory. Nothing is left behind where this
     * fails.
     *
     * @throws StoreUnavailableException where the store fails, or {@code content} does
     */
    void put(String key, InputStream content);

    /**
     * Reads {@code length} bytes from {@code offset}.
     *
     * @throws StoreUnavailableException where the store fails or lacks the object
     */
    InputStream read(String key, long offset, long length);

    /**
     * Removes an object; one that does not exist is no error.
     *
     * @throws StoreUnavailableException where the store fails
     */
    void remove(String key);

    /**
     * Removes all objects whose keys begin so, and no others.
     *
     * @param prefix ends with a slash
     * @throws StoreUnavailableException where the store fails
     */
    void removeFolder(String prefix);

    /**
     * What lies under a key; empty where nothing does.
     *
     * @throws StoreUnavailableException where the store fails
     */
    Optional<Stored> stat(String key);

    /**
     * An address to which anybody may PUT exactly so many bytes until it expires, as often as they like. Asks nobody.
     *
     * @param life 7 days at most
     */
    URI presignPut(String key, long bytes, Duration life);

    /**
     * An object's facts.
     *
     * @param etag as S3 gives it, without quotation marks
     */
    record Stored(long bytes, String etag) {}

    /** Whether the bucket can be used now. */
    boolean reachable();
}
