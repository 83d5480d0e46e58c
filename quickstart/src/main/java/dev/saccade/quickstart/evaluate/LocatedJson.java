package dev.saccade.quickstart.evaluate;

import dev.saccade.quickstart.cli.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON whose values know on which line they stand, so that what is wrong can be shown to whoever wrote it.
 *
 * @param line from 1
 */
record LocatedJson(Value value, int line) {

    private static final JsonMapper STRICT = Json.MAPPER
            .rebuild()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** What a value is. */
    sealed interface Value {}

    record Fields(Map<String, LocatedJson> all) implements Value {}

    record Elements(List<LocatedJson> all) implements Value {}

    record Text(String text) implements Value {}

    /** A number, true, false or null. */
    record Other() implements Value {}

    /**
     * Reads a whole document.
     *
     * @throws JacksonException where it is none, with the place; also where a name stands twice in one object
     */
    static LocatedJson read(byte[] document) {
        try (JsonParser in = STRICT.createParser(document)) {
            in.nextToken();
            LocatedJson read = value(in);
            if (in.nextToken() != null) {
                throw new StreamReadException(in, "There is more behind the end.");
            }
            return read;
        }
    }

    private static LocatedJson value(JsonParser in) {
        int line = in.currentTokenLocation().getLineNr();
        JsonToken token = in.currentToken();
        if (token == null) {
            throw new StreamReadException(in, "The file is empty.");
        }
        return new LocatedJson(
                switch (token) {
                    case START_OBJECT -> fields(in);
                    case START_ARRAY -> elements(in);
                    case VALUE_STRING -> new Text(in.getString());
                    default -> new Other();
                },
                line);
    }

    private static Fields fields(JsonParser in) {
        Map<String, LocatedJson> all = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            all.put(name, value(in));
        }
        return new Fields(all);
    }

    private static Elements elements(JsonParser in) {
        List<LocatedJson> all = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            all.add(value(in));
        }
        return new Elements(all);
    }

    /** A field of an object; null where there is none. */
    @Nullable
    LocatedJson field(String name) {
        return value instanceof Fields fields ? fields.all().get(name) : null;
    }

    /** The text that a field holds; null where there is none. */
    @Nullable
    String text(String name) {
        LocatedJson field = field(name);
        return field != null && field.value() instanceof Text(String text) ? text : null;
    }
}
