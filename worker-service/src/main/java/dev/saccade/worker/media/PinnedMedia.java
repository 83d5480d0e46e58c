package dev.saccade.worker.media;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** A job's media as files that stay where they are until this is closed. Closing twice does no harm. */
public final class PinnedMedia implements AutoCloseable {

    private final Map<UUID, Path> files;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    PinnedMedia(Map<UUID, Path> files, Runnable release) {
        this.files = Map.copyOf(files);
        this.release = release;
    }

    /** The file of each video or image, by its id. Read only. */
    public Map<UUID, Path> files() {
        return files;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
