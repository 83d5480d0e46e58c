package dev.saccade.runtime.media;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;

/** Turns images and videos into patches. A function of its input; thread-safe. */
public final class MediaPipeline {

    private final MediaLimits limits;
    private final PreprocessorBounds bounds;

    public MediaPipeline(MediaLimits limits, PreprocessorBounds bounds) {
        this.limits = limits;
        this.bounds = bounds;
    }

    /**
     * Checks options without a file, so that a request can be refused before anything is decoded.
     *
     * @throws InvalidRequestException where an option is out of range or contradicts another
     */
    public static void check(VisionOptions options) {}

    /**
     * Decodes, samples, resizes and normalises. Interrupting the thread stops the decoder.
     *
     * @param media an image or a video
     * @throws MediaException where the file can't be read or is beyond a limit
     * @throws InvalidRequestException where the options are out of range or do not fit the clip
     */
    public PreparedMedia prepare(Part media, VisionOptions options) {
        throw new MediaException("media-not-recognised", "This build does not read media yet: " + limits + bounds);
    }
}
