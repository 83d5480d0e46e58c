package dev.saccade.ledger.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A numbered mark that is drawn on a clip's frames or an image, with the engine's names and meanings.
 *
 * @param number what is written beside it
 * @param interpolate it moves evenly from one frame to the next, which is the default; else each shape stays until the next
 * @param frames one shape for the whole clip, or shapes at times
 */
public record MarkSpec(
        @Nullable Integer number,
        @Nullable Boolean interpolate,
        @Nullable List<@Nullable Frame> frames) {

    /**
     * A shape, which is one of the three, in pixels of the clip's own frames.
     *
     * @param at seconds from the clip's beginning; null for a mark that is there on every frame
     * @param box left, top, right, bottom
     * @param point x, y
     * @param polygon corners x, y
     */
    public record Frame(
            @Nullable Double at,
            @Nullable List<@Nullable Double> box,
            @Nullable List<@Nullable Double> point,
            @Nullable List<@Nullable List<@Nullable Double>> polygon) {}
}
