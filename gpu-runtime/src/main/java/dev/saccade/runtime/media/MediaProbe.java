package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import java.nio.file.Path;

/** Finds out what a file is, by its content, and refuses what is broken or beyond the limits. Thread-safe. */
public final class MediaProbe {

    private final MediaLimits limits;

    public MediaProbe(MediaLimits limits) {
        this.limits = limits;
    }

    /**
     * The file's facts.
     *
     * @throws MediaException where it is no media file that this engine reads, is damaged, or is beyond a limit
     */
    public ClipFacts probe(Path file) {
        throw new MediaException("media-not-recognised", "This build does not read media yet; limits are " + limits);
    }
}
