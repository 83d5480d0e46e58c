package dev.saccade.runtime.prompts;

import java.util.List;
import java.util.Locale;

/**
 * Segments as subtitles. Players show a moment, which has no length, for a second. Captions are what a model wrote: line
 * breaks, which would end a cue, become spaces, and WebVTT's own signs are escaped. SubRip knows no escapes, so that what
 * players would take for a tag gets other brackets.
 */
public final class SegmentExport {

    private static final double MOMENT = 1;

    private SegmentExport() {}

    /** A WebVTT file. */
    public static String webVtt(List<Segment> segments) {
        StringBuilder file = new StringBuilder("WEBVTT\n");
        for (int i = 0; i < segments.size(); i++) {
            String caption = line(segments.get(i), i)
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;");
            cue(file.append('\n').append(i + 1).append('\n'), segments.get(i), '.', caption);
        }
        return file.toString();
    }

    /** A SubRip file. */
    public static String subRip(List<Segment> segments) {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            String caption = line(segments.get(i), i)
                    .replace('<', '\u2039')
                    .replace('>', '\u203a')
                    .replace('{', '(')
                    .replace('}', ')');
            cue(file.append(i == 0 ? "" : "\n").append(i + 1).append('\n'), segments.get(i), ',', caption);
        }
        return file.toString();
    }

    private static void cue(StringBuilder file, Segment segment, char point, String caption) {
        double end = segment.end() > segment.start() ? segment.end() : segment.start() + MOMENT;
        file.append(time(segment.start(), point))
                .append(" --> ")
                .append(time(end, point))
                .append('\n')
                .append(caption)
                .append('\n');
    }

    private static String line(Segment segment, int index) {
        String caption = segment.caption() == null
                ? ""
                : segment.caption()
                        .replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029\\s]+", " ")
                        .strip();
        return caption.isEmpty() ? "Segment " + (index + 1) : caption;
    }

    private static String time(double seconds, char point) {
        long millis = Math.round(seconds * 1000);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%c%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                point,
                millis % 1000);
    }
}
