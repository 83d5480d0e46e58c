package dev.saccade.runtime.prompts;

import org.jspecify.annotations.Nullable;

/**
 * Something that happens in a stretch of a clip.
 *
 * @param start seconds from the clip's beginning
 * @param end not before {@code start}
 */
public record Segment(double start, double end, @Nullable String caption) {}
