package dev.saccade.runtime.prompts;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines {@code <start> <end> caption}. */
record TimedLinesParser() implements OutputParser {

    private static final Pattern LINE = Pattern.compile(
            "^[-*\\s]*[<\\[(]?\\s*(" + TimeText.PATTERN + ")\\s*[>\\])]?\\s*(?:-+>?|\u2013|to|,)?\\s*[<\\[(]?\\s*("
                    + TimeText.PATTERN + ")\\s*[>\\])]?\\s*:?\\s+(\\S.*)$");

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        Segments segments = new Segments(output.clip());
        int number = 0;
        for (String line : output.answer().lines().toList()) {
            number++;
            Matcher timed = LINE.matcher(line.strip());
            if (timed.matches()) {
                var start = TimeText.seconds(timed.group(1));
                var end = TimeText.seconds(timed.group(2));
                if (start.isPresent() && end.isPresent()) {
                    segments.add(
                            start.getAsDouble(),
                            end.getAsDouble(),
                            timed.group(3).strip());
                    continue;
                }
            }
            if (!line.isBlank()) {
                segments.problem("Line " + number + " has no times of the form <start> <end>; it was left out.");
            }
        }
        return segments.isEmpty()
                ? ParsedOutput.unreadable(
                        ("The answer has no line of the form <start> <end> caption. " + segments.problems()).strip())
                : ParsedOutput.of(segments.structure());
    }
}
