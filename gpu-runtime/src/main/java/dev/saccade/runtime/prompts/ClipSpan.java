package dev.saccade.runtime.prompts;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stretch of a clip that a model saw. What it answers about time counts from {@code start}, as the times drawn below
 * the frames do.
 *
 * @param start seconds from the clip's beginning to the first frame that was seen
 * @param end where the last one ends
 */
public record ClipSpan(double start, double end) {

    /** Of the first video; null where there is none. */
    static @Nullable ClipSpan of(List<MediaUsed> media) {
        return media.stream()
                .filter(one -> one.kind().equals("video") && !one.seconds().isEmpty())
                .findFirst()
                .map(ClipSpan::of)
                .orElse(null);
    }

    private static ClipSpan of(MediaUsed video) {
        int last = video.indices().getLast();
        double at = video.seconds().getLast();
        // a frame lasts as long as all before it did on average
        return new ClipSpan(video.seconds().getFirst(), last == 0 ? at : at * (last + 1) / last);
    }
}
