package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out what a file is, by its content, and refuses what is broken or beyond the limits. Thread-safe. */
public final class MediaProbe {

    private final MediaLimits limits;
    private final VideoProbe videos;

    public MediaProbe(MediaLimits limits) {
        this.limits = limits;
        videos = new VideoProbe(limits);
    }

    /**
     * Whether a file is an image or a video, by its first bytes alone.
     *
     * @throws MediaException where there is no such file, or it is neither
     */
    public static ClipFacts.Kind kind(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw MediaRules.notFound();
            }
            return switch (MediaType.of(file)) {
                case JPEG, PNG -> ClipFacts.Kind.IMAGE;
                case MP4, MATROSKA -> ClipFacts.Kind.VIDEO;
            };
        } catch (IOException e) {
            throw MediaRules.unreadable(e);
        }
    }

    /**
     * The file's facts. Interrupting the thread stops it.
     *
     * @throws MediaException where it is no media file that this engine reads, is damaged, or is beyond a limit
     * @throws dev.saccade.runtime.DeviceException where this machine has no decoder
     */
    public ClipFacts probe(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw MediaRules.notFound();
            }
            MediaRules.requireBytes(Files.size(file), limits);
            MediaType type = MediaType.of(file);
            return switch (type) {
                case JPEG, PNG -> ImageFile.facts(file, type.format(), limits);
                case MP4 -> {
                    Containers.requireWholeMp4(file);
                    yield videos.probe(file, type.format());
                }
                case MATROSKA -> {
                    Containers.requireWholeMatroska(file);
                    yield videos.probe(file, type.format());
                }
            };
        } catch (ClosedByInterruptException e) {
            throw MediaRules.cancelled(e);
        } catch (IOException e) {
            throw MediaRules.unreadable(e);
        }
    }
}
