package dev.saccade.runtime.prompts;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.constrain.StructuredOutputRules;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * JSON schemas of answers. They keep to what constrained decoding takes, which refers to no other documents, and hold no
 * {@code pattern}: the validator's expressions backtrack, and a schema may be anybody's.
 */
final class OutputSchemas {

    private static final int MOST_FAULTS = 3;
    private static final Set<String> MAPS = Set.of("properties", "$defs", "definitions");
    private static final Set<String> VALUES = Set.of("enum", "const", "default", "examples", "required");

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private OutputSchemas() {}

    /** @throws InvalidRequestException where the schema can't be used */
    static void check(JsonNode schema) {
        StructuredOutputRules.check(new StructuredOutput.JsonSchema(PromptJson.MAPPER.writeValueAsString(schema)));
        if (hasPattern(schema)) {
            throw new InvalidRequestException(
                    "schema-unsupported", "A prompt's schema has no pattern. Use enum, format or maxLength.");
        }
    }

    private static boolean hasPattern(JsonNode schema) {
        if (schema.has("pattern")) {
            return true;
        }
        for (var keyword : schema.properties()) {
            JsonNode value = keyword.getValue();
            boolean nested = MAPS.contains(keyword.getKey()) || value.isArray()
                    ? value.valueStream().anyMatch(OutputSchemas::hasPattern)
                    : hasPattern(value);
            if (nested && !VALUES.contains(keyword.getKey())) {
                return true;
            }
        }
        return false;
    }

    /** The first few places where the structure leaves the schema, as a sentence; null where it keeps to it. */
    static @Nullable String breach(JsonNode schema, JsonNode structure) {
        List<Error> errors = REGISTRY.getSchema(schema).validate(structure);
        return errors.isEmpty()
                ? null
                : errors.stream()
                        .limit(MOST_FAULTS)
                        .map(error -> Objects.requireNonNullElse(error.toString(), "a keyword fails"))
                        .collect(Collectors.joining("; ", "The answer does not keep to the prompt's schema: ", "."));
    }
}
