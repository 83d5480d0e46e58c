package dev.saccade.worker.checkpoint;

import dev.saccade.worker.media.S3MediaStore;
import dev.saccade.worker.media.UnusableMediaException;
import java.io.IOException;
import java.io.InputStream;

/** Files below a prefix in a bucket. */
record StoreSource(S3MediaStore store, String prefix) implements CheckpointSource {

    @Override
    public InputStream open(String file) throws IOException {
        String key = prefix.isEmpty() ? file : prefix + "/" + file;
        try {
            return store.open(key);
        } catch (UnusableMediaException e) {
            throw new UnusableCheckpointException(
                    "The bucket has no object " + key + ": upload it, or correct model.source.url or model.checksums.");
        }
    }
}
