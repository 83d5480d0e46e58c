package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a schema's JSON, within limits. */
final class SchemaText {

    static final int MAX_CHARACTERS = 65_536;
    private static final int MAX_NESTING = 128;
    private static final int MAX_NUMBER = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private SchemaText() {}

    static JsonNode read(String schema) {
        if (schema.length() > MAX_CHARACTERS) {
            throw new InvalidRequestException(
                    "schema-too-large",
                    "The JSON schema has %,d characters; at most %,d are taken."
                            .formatted(schema.length(), MAX_CHARACTERS));
        }
        try {
            JsonNode root = MAPPER.readTree(schema);
            if (root.isMissingNode()) {
                throw SchemaPlace.ROOT.invalid("it is empty");
            }
            return root;
        } catch (JacksonException e) {
            throw new InvalidRequestException(
                    "schema-invalid",
                    "The JSON schema is not JSON without duplicate keys, nested at most " + MAX_NESTING
                            + " deep and with numbers of at most " + MAX_NUMBER + " characters: "
                            + e.getOriginalMessage(),
                    e);
        }
    }
}
