package dev.saccade.runtime.constrain;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which keywords a schema may have, and which of the seven types of values they leave. */
final class SchemaKeywords {

    private static final Set<String> OBJECT = Set.of("properties", "required", "additionalProperties");
    private static final Set<String> ARRAY = Set.of("items", "prefixItems", "minItems", "maxItems");
    private static final Set<String> STRING = Set.of("minLength", "maxLength", "pattern", "format");
    private static final Set<String> NUMBER = Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
    private static final Set<String> ANY_TYPE = Set.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref");

    /** Describe a value, or hold schemas that others refer to. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "contentMediaType",
            "contentEncoding",
            "discriminator");

    private static final List<String> TYPES =
            List.of("null", "boolean", "object", "array", "number", "integer", "string");

    private SchemaKeywords() {}

    static boolean isAnnotation(String keyword) {
        return ANNOTATIONS.contains(keyword) || keyword.startsWith("x-");
    }

    /** Refuses what would constrain a value in a way that is not supported. */
    static void check(ObjectNode schema, SchemaPlace place) {
        for (String keyword : schema.propertyNames()) {
            boolean known = isAnnotation(keyword)
                    || ANY_TYPE.contains(keyword)
                    || OBJECT.contains(keyword)
                    || ARRAY.contains(keyword)
                    || STRING.contains(keyword)
                    || NUMBER.contains(keyword);
            if (!known && !constrainsNothing(keyword, schema.path(keyword))) {
                throw place.unsupported("the keyword '" + shortened(keyword) + "' is not supported,");
            }
        }
    }

    private static boolean constrainsNothing(String keyword, JsonNode value) {
        return switch (keyword) {
            case "uniqueItems" -> value.isBoolean() && !value.booleanValue();
            case "minProperties", "minContains" ->
                value.isNumber() && value.decimalValue().signum() == 0;
            default -> false;
        };
    }

    static String shortened(String name) {
        return name.length() > 100 ? name.substring(0, 100) + "..." : name;
    }

    /** Whether anything but annotations stands in a schema. */
    static boolean constrains(ObjectNode schema) {
        return schema.propertyNames().stream().anyMatch(keyword -> !isAnnotation(keyword));
    }

    /** Keywords beside {@code enum} or {@code const} that would have to be checked against each value. */
    static List<String> besideValues(ObjectNode schema) {
        return schema.propertyNames().stream()
                .filter(keyword -> OBJECT.contains(keyword)
                        || ARRAY.contains(keyword)
                        || STRING.contains(keyword)
                        || NUMBER.contains(keyword))
                .toList();
    }

    /** The types that a value may have; where {@code type} is missing, those that the keywords are about, or all. */
    static Set<String> types(ObjectNode schema, SchemaPlace place) {
        Set<String> types = new LinkedHashSet<>();
        if (schema.has("type")) {
            JsonNode type = schema.path("type");
            Iterable<JsonNode> listed = type.isArray() ? type : List.of(type);
            for (JsonNode name : listed) {
                if (!name.isString() || !TYPES.contains(name.stringValue())) {
                    throw place.invalid("'type' has a value that is no type,");
                }
                types.add(name.stringValue());
            }
            return types;
        }
        for (String keyword : schema.propertyNames()) {
            if (OBJECT.contains(keyword)) {
                types.add("object");
            } else if (ARRAY.contains(keyword)) {
                types.add("array");
            } else if (STRING.contains(keyword)) {
                types.add("string");
            } else if (NUMBER.contains(keyword)) {
                types.add("number");
            }
        }
        return types.isEmpty() ? new LinkedHashSet<>(TYPES) : types;
    }

    /** Whether a value has one of these types. */
    static boolean hasType(JsonNode value, Set<String> types) {
        return switch (value.getNodeType()) {
            case NULL -> types.contains("null");
            case BOOLEAN -> types.contains("boolean");
            case OBJECT -> types.contains("object");
            case ARRAY -> types.contains("array");
            case STRING -> types.contains("string");
            case NUMBER -> types.contains("number") || (types.contains("integer") && isWhole(value));
            case BINARY, MISSING, POJO -> false;
        };
    }

    private static boolean isWhole(JsonNode value) {
        return value.isIntegralNumber()
                || value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    /** A count such as {@code minItems}. */
    static int count(ObjectNode schema, String keyword, int missing, int limit, SchemaPlace place) {
        JsonNode value = schema.path(keyword);
        if (value.isMissingNode()) {
            return missing;
        }
        BigDecimal number = value.isNumber() ? value.decimalValue() : BigDecimal.ONE.negate();
        if (number.signum() < 0 || !isWhole(value)) {
            throw place.invalid("'" + keyword + "' must be a whole number from 0,");
        }
        if (number.compareTo(BigDecimal.valueOf(limit)) > 0) {
            throw place.tooLarge("'%s' is more than %,d".formatted(keyword, limit));
        }
        return number.intValueExact();
    }
}
