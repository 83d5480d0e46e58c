package dev.saccade.runtime.prompts;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that is needed to read an answer, apart from its text: kept with a request, so that a prompt may change or go.
 *
 * @param field the name under which {@link ParserKind#TEXT} gives the answer
 * @param options what the letters stand for, in order
 * @param schema what the structure is checked against; null checks nothing
 */
public record OutputContract(
        ParserKind parser,
        String field,
        List<String> options,
        @Nullable JsonNode schema) {

    static final String TEXT = "text";

    public OutputContract {
        options = List.copyOf(options);
    }

    /** As JSON, in a form that {@link #read} takes in this version and later ones. */
    public String write() {
        ObjectNode json = PromptJson.MAPPER.createObjectNode();
        json.set("parser", PromptJson.MAPPER.valueToTree(parser));
        json.put("field", field);
        ArrayNode letters = json.putArray("options");
        options.forEach(letters::add);
        if (schema != null) {
            json.set("schema", schema);
        }
        return PromptJson.MAPPER.writeValueAsString(json);
    }

    /** What {@link #write} wrote. */
    public static OutputContract read(String json) {
        JsonNode node = PromptJson.MAPPER.readTree(json);
        return new OutputContract(
                PromptJson.MAPPER.treeToValue(node.path("parser"), ParserKind.class),
                node.path("field").asString(TEXT),
                node.path("options").valueStream().map(JsonNode::asString).toList(),
                node.get("schema"));
    }
}
