package dev.saccade.runtime.media;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import java.util.List;

/**
 * One image or video as the vision tower reads it.
 *
 * @param kind {@code image} or {@code video}
 * @param patches normalised pixels, (gridT * gridH * gridW, 1176); rows ordered (t, h / 2, w / 2, 2, 2), so that the
 *     four patches of a visual token follow one another; columns ordered (channel, 2 frames, 14 rows, 14 columns)
 * @param gridT temporal groups of two frames
 * @param gridH rows of patches, an even number
 * @param gridW columns of patches, an even number
 * @param secondsPerGrid time from one temporal group to the next, 2 / sampled fps; 0 for an image
 * @param used the frames behind it, for the result
 * @param warnings sentences for the user
 */
@SuppressWarnings("ArrayRecordComponent") // up to a gigabyte: handed over, never copied or compared
public record PreparedMedia(
        String kind,
        float[] patches,
        int gridT,
        int gridH,
        int gridW,
        double secondsPerGrid,
        MediaUsed used,
        List<String> warnings) {

    public PreparedMedia {
        warnings = List.copyOf(warnings);
    }

    /** Tokens that this takes in the prompt. */
    public int visualTokens() {
        return gridT * gridH * gridW / 4;
    }
}
