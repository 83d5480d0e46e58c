package dev.saccade.api.jobs;

import dev.saccade.ledger.jobs.MarkSpec;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.runtime.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether marks lie in a clip's frames and time, so that a client hears it before the job waits. */
final class MarkChecks {

    private static final String CODE = "invalid-mark";

    private MarkChecks() {}

    /** @param pointer to the list of marks */
    static void check(List<@Nullable MarkSpec> given, VideoFacts facts, String pointer, Violations violations) {
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Mark mark = mark(given.get(i), pointer + "/" + i, violations);
            if (mark == null) {
                return;
            }
            marks.add(mark);
        }
        Mark.check(
                marks,
                facts.width(),
                facts.height(),
                facts.durationSeconds(),
                (place, detail) -> violations.add(CODE, pointer + place, detail));
    }

    private static @Nullable Mark mark(@Nullable MarkSpec spec, String pointer, Violations violations) {
        if (spec == null || spec.number() == null || spec.frames() == null) {
            violations.add(CODE, pointer, "Give the mark a number and frames.");
            return null;
        }
        List<Mark.Key> keys = new ArrayList<>();
        for (int i = 0; i < spec.frames().size(); i++) {
            MarkSpec.Frame frame = spec.frames().get(i);
            Mark.Key key = frame == null ? null : Mark.Key.of(frame.at(), frame.box(), frame.point(), frame.polygon());
            if (key == null) {
                violations.add(
                        CODE,
                        pointer + "/frames/" + i,
                        "Give one of box (left, top, right, bottom), point (x, y) and polygon (a list of x, y).");
                return null;
            }
            keys.add(key);
        }
        return new Mark(spec.number(), Objects.requireNonNullElse(spec.interpolate(), true), keys);
    }
}
