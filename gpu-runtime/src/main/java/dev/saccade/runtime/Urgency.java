package dev.saccade.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a request is to be served.
 *
 * @param startBy fails with {@code start-deadline-passed} where the prompt has not begun to be read by then
 * @param finishBy ends with what has been written by then ({@link FinishReason#EXPIRED}), or fails with
 *     {@code finish-deadline-passed} where nothing has
 */
public record Urgency(
        Priority priority,
        @Nullable Instant startBy,
        @Nullable Instant finishBy) {

    /** No deadline. */
    public static final Urgency STANDARD = new Urgency(Priority.STANDARD, null, null);
}
