package dev.saccade.worker.checkpoint;

import java.io.IOException;
import java.io.InputStream;

/** Where a checkpoint's files come from. */
@FunctionalInterface
interface CheckpointSource {

    /**
     * Opens one file.
     *
     * @throws IOException where another try may help
     * @throws UnusableCheckpointException where it won't
     */
    InputStream open(String file) throws IOException;
}
