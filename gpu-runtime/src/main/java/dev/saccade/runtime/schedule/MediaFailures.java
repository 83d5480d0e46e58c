package dev.saccade.runtime.schedule;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.MediaException;
import java.lang.System.Logger.Level;

/** What a request hears of whatever was thrown while its media were prepared. */
final class MediaFailures {

    private static final System.Logger LOG = System.getLogger(MediaFailures.class.getName());

    static EngineException of(Throwable thrown) {
        return switch (thrown) {
            case EngineException known -> known;
            case OutOfMemoryError e ->
                new DeviceException("out-of-memory", "There was no memory left for the media; try again later.", e);
            default -> {
                if (!Thread.currentThread().isInterrupted()) {
                    LOG.log(Level.ERROR, "Preparing media failed unexpectedly", thrown);
                }
                yield new MediaException("media-failed", "The media could not be prepared; try another file.", thrown);
            }
        };
    }

    private MediaFailures() {}
}
