package dev.saccade.runtime.media;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import java.util.List;

/**
 * All that a prompt and a result need to know of one image or video: everything but its pixels.
 *
 * @param key names its visual tokens
 * @param kind {@code image} or {@code video}
 * @param gridT temporal groups of two frames
 * @param gridH rows of patches, an even number
 * @param gridW columns of patches, an even number
 * @param secondsPerGrid time from one temporal group to the next, 2 / sampled fps; 0 for an image
 * @param used the frames behind it, for the result
 * @param warnings sentences for the user
 */
public record MediaSummary(
        MediaKey key,
        String kind,
        int gridT,
        int gridH,
        int gridW,
        double secondsPerGrid,
        MediaUsed used,
        List<String> warnings) {

    public MediaSummary {
        warnings = List.copyOf(warnings);
    }

    /** Tokens that this takes in the prompt: one for four patches. */
    public int visualTokens() {
        return gridT * gridH * gridW / 4;
    }

    public int patches() {
        return gridT * gridH * gridW;
    }
}
