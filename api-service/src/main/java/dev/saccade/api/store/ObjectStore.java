package dev.saccade.api.store;

import java.io.InputStream;

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

    /** Whether the bucket can be used now. */
    boolean reachable();
}
