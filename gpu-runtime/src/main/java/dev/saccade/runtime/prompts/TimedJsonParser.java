package dev.saccade.runtime.prompts;

import dev.saccade.runtime.StructuredOutput;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** JSON {@code [{"start", "end", "caption"}]}, perhaps in an object as its {@code segments}; times are numbers or texts. */
record TimedJsonParser() implements OutputParser {

    /** What decoding keeps to: the answer, not the structure that is made of it. */
    static final StructuredOutput FORM = new StructuredOutput.JsonSchema("""
            {"type": "array", "items": {"type": "object", "additionalProperties": false,
             "properties": {
               "start": {"type": "number", "minimum": 0, "maximum": 100000},
               "end": {"type": "number", "minimum": 0, "maximum": 100000},
               "caption": {"type": "string"}},
             "required": ["start", "end", "caption"]}}""");

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        ParsedOutput json = new JsonParser().parse(output);
        JsonNode written = json.structure();
        if (written == null) {
            return json;
        }
        JsonNode list = written.isObject() ? written.path("segments") : written;
        if (!list.isArray()) {
            return ParsedOutput.unreadable("The answer is JSON, but no list of segments.");
        }
        Segments segments = new Segments(output.clip());
        for (int i = 0; i < list.size(); i++) {
            JsonNode one = list.get(i);
            OptionalDouble start = time(one.path("start"));
            OptionalDouble end = time(one.path("end"));
            if (start.isPresent() && end.isPresent()) {
                segments.add(
                        start.getAsDouble(),
                        end.getAsDouble(),
                        one.path("caption").asString("").strip());
            } else {
                segments.problem("Segment " + i + " has no times that can be read; it was left out.");
            }
        }
        return ParsedOutput.of(segments.structure());
    }

    private static OptionalDouble time(JsonNode value) {
        if (value.isNumber()) {
            double seconds = value.doubleValue();
            return seconds >= 0 && seconds <= 1e7 ? OptionalDouble.of(seconds) : OptionalDouble.empty();
        }
        return value.isString() ? TimeText.seconds(value.stringValue()) : OptionalDouble.empty();
    }
}
