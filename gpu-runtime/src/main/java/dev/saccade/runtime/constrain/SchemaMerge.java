package dev.saccade.runtime.constrain;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One schema for what two of them accept, where that is plain to see. */
final class SchemaMerge {

    private final SchemaPlace place;
    private final ObjectNode result;

    private SchemaMerge(ObjectNode first, SchemaPlace place) {
        this.place = place;
        this.result = JsonNodeFactory.instance.objectNode();
        first.properties().forEach(entry -> result.set(entry.getKey(), entry.getValue()));
    }

    static ObjectNode merge(ObjectNode first, ObjectNode second, SchemaPlace place) {
        checkClosed(first, second, place);
        checkClosed(second, first, place);
        SchemaMerge merge = new SchemaMerge(first, place);
        second.properties().forEach(entry -> merge.add(entry.getKey(), entry.getValue()));
        return merge.result;
    }

    /** {@code additionalProperties} is about the properties beside it only, so more of them may not come from elsewhere. */
    private static void checkClosed(ObjectNode closed, ObjectNode other, SchemaPlace place) {
        JsonNode additional = closed.path("additionalProperties");
        if (additional.isMissingNode() || (additional.isBoolean() && additional.booleanValue())) {
            return;
        }
        for (String name : other.path("properties").propertyNames()) {
            if (!closed.path("properties").has(name)) {
                throw place.unsupported("'additionalProperties' in one part and the property '"
                        + SchemaKeywords.shortened(name) + "' in another can't be merged,");
            }
        }
    }

    private void add(String keyword, JsonNode value) {
        JsonNode known = result.get(keyword);
        if (known == null || SchemaKeywords.isAnnotation(keyword)) {
            result.set(keyword, value);
        } else if (!known.equals(value)) {
            result.set(keyword, combined(keyword, known, value));
        }
    }

    private JsonNode combined(String keyword, JsonNode a, JsonNode b) {
        return switch (keyword) {
            case "type" -> types(a, b);
            case "enum" -> common(a, b);
            // different constants: no value is both
            case "const" -> {
                result.putArray("enum");
                yield a;
            }
            case "required" -> union(a, b);
            case "minimum", "exclusiveMinimum", "minLength", "minItems" -> extreme(keyword, a, b, true);
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems" -> extreme(keyword, a, b, false);
            case "properties" -> properties(a, b);
            case "items", "additionalProperties" -> both(a, b);
            default ->
                throw place.unsupported("the keyword '" + keyword + "' in several parts, which can't be merged,");
        };
    }

    private static JsonNode both(JsonNode a, JsonNode b) {
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.putArray("allOf").add(a).add(b);
        return both;
    }

    private static JsonNode properties(JsonNode a, JsonNode b) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        a.properties().forEach(entry -> all.set(entry.getKey(), entry.getValue()));
        b.properties().forEach(entry -> {
            JsonNode known = all.get(entry.getKey());
            all.set(
                    entry.getKey(),
                    known == null || known.equals(entry.getValue()) ? entry.getValue() : both(known, entry.getValue()));
        });
        return all;
    }

    private static ArrayNode common(JsonNode a, JsonNode b) {
        Set<JsonNode> second = elements(b);
        ArrayNode common = JsonNodeFactory.instance.arrayNode();
        elements(a).stream().filter(second::contains).forEach(common::add);
        return common;
    }

    private static ArrayNode union(JsonNode a, JsonNode b) {
        Set<JsonNode> all = elements(a);
        all.addAll(elements(b));
        return JsonNodeFactory.instance.arrayNode().addAll(all);
    }

    private static Set<JsonNode> elements(JsonNode value) {
        Set<JsonNode> elements = new LinkedHashSet<>();
        if (value.isArray()) {
            value.forEach(elements::add);
        } else {
            elements.add(value);
        }
        return elements;
    }

    private static ArrayNode types(JsonNode a, JsonNode b) {
        ArrayNode common = common(a, b);
        JsonNode integer = JsonNodeFactory.instance.stringNode("integer");
        JsonNode number = JsonNodeFactory.instance.stringNode("number");
        Set<JsonNode> first = elements(a);
        Set<JsonNode> second = elements(b);
        boolean narrower = (first.contains(integer) && second.contains(number) && !second.contains(integer))
                || (second.contains(integer) && first.contains(number) && !first.contains(integer));
        return narrower ? common.add(integer) : common;
    }

    private JsonNode extreme(String keyword, JsonNode a, JsonNode b, boolean larger) {
        if (!a.isNumber() || !b.isNumber()) {
            throw place.invalid("'" + keyword + "' must be a number,");
        }
        int order = a.decimalValue().compareTo(b.decimalValue());
        return (larger ? order >= 0 : order <= 0) ? a : b;
    }
}
