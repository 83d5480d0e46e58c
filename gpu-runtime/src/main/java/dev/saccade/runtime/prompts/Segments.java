package dev.saccade.runtime.prompts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collects an answer's stretches of time: moves them to the clip's own clock, keeps them within it, and notes those that
 * can't be.
 */
public final class Segments {

    private static final int MOST = 1_000;

    private final @Nullable ClipSpan clip;
    private final List<Segment> segments = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    Segments(@Nullable ClipSpan clip) {
        this.clip = clip;
    }

    /** What a structure holds; none where it holds no segments. */
    public static List<Segment> of(JsonNode structure) {
        return structure
                .path("segments")
                .valueStream()
                .map(segment -> new Segment(
                        segment.path("start").asDouble(0),
                        segment.path("end").asDouble(0),
                        segment.has("caption") ? segment.path("caption").asString("") : null))
                .toList();
    }

    /** @param start as it was answered, in seconds from the first frame that was seen */
    void add(double start, double end, @Nullable String caption) {
        if (segments.size() >= MOST) {
            return;
        }
        if (end < start) {
            problem("A stretch ends at %s s, before it starts at %s s; it was left out."
                    .formatted(say(end), say(start)));
            return;
        }
        if (clip == null) {
            segments.add(new Segment(start, end, caption));
            return;
        }
        double length = clip.end() - clip.start();
        if (start > length) {
            problem("A stretch starts at %s s, after the clip's end at %s s; it was left out."
                    .formatted(say(start), say(length)));
            return;
        }
        if (end > length) {
            problem("A stretch ends at %s s; the clip ends at %s s.".formatted(say(end), say(length)));
        }
        segments.add(new Segment(round(clip.start() + start), round(clip.start() + Math.min(end, length)), caption));
    }

    void problem(String sentence) {
        if (problems.size() < MOST) {
            problems.add(sentence);
        }
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    /** What was noted, as one text. */
    String problems() {
        return String.join(" ", problems);
    }

    /** {@code {"segments": […], "problems": […]}}, in the order of time. */
    ObjectNode structure() {
        ObjectNode structure = PromptJson.MAPPER.createObjectNode();
        ArrayNode list = structure.putArray("segments");
        segments.stream()
                .sorted(Comparator.comparingDouble(Segment::start).thenComparingDouble(Segment::end))
                .forEach(segment -> {
                    ObjectNode one =
                            list.addObject().put("start", segment.start()).put("end", segment.end());
                    if (segment.caption() != null) {
                        one.put("caption", segment.caption());
                    }
                });
        ArrayNode notes = structure.putArray("problems");
        problems.forEach(notes::add);
        return structure;
    }

    private static double round(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }

    private static String say(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds);
    }
}
