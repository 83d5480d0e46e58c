package dev.saccade.runtime.constrain;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Follows {@code $ref} and {@code allOf}, and keeps count of the references that a value is inside of. */
final class SchemaReferences {

    /** How often a schema may contain itself through the same reference. */
    static final int MAX_RECURSION = 3;

    private final JsonNode root;
    private final Budget budget;
    private final Map<String, List<Integer>> open = new HashMap<>(); // reference to the levels it was entered at
    private @Nullable String cut;

    SchemaReferences(JsonNode root, Budget budget) {
        this.root = root;
        this.budget = budget;
    }

    /**
     * A schema without {@code $ref} and {@code allOf} at its top.
     *
     * @param schema merged from all parts; false where they contradict each other
     * @param references that were followed
     */
    record Flat(JsonNode schema, Set<String> references) {}

    Flat flatten(JsonNode schema, SchemaPlace place) {
        Set<String> followed = new LinkedHashSet<>();
        return new Flat(flatten(schema, place, new ArrayList<>(), followed), followed);
    }

    private JsonNode flatten(JsonNode schema, SchemaPlace place, List<String> path, Set<String> followed) {
        if (schema.isBoolean()) {
            return schema;
        }
        if (!(schema instanceof ObjectNode object)) {
            throw place.invalid("a schema must be an object, true or false,");
        }
        budget.steps(1 + object.size());
        SchemaKeywords.check(object, place);
        if (!object.has("$ref") && !object.has("allOf")) {
            return object;
        }
        JsonNode merged = without(object);
        if (object.has("$ref")) {
            String reference = reference(object, place);
            if (path.contains(reference)) {
                throw place.unsupported("the $ref '" + SchemaKeywords.shortened(reference)
                        + "' leads back to itself without any object or array in between,");
            }
            followed.add(reference);
            path.add(reference);
            merged = both(merged, flatten(target(reference, place), place.same("$ref"), path, followed), place);
            path.removeLast();
        }
        if (object.has("allOf") && !object.path("allOf").isArray()) {
            throw place.invalid("'allOf' must be an array,");
        }
        int index = 0;
        for (JsonNode part : object.path("allOf")) {
            SchemaPlace partPlace = place.same("allOf", Integer.toString(index++));
            merged = both(merged, flatten(part, partPlace, path, followed), place);
        }
        return merged;
    }

    private static ObjectNode without(ObjectNode object) {
        ObjectNode rest = object.objectNode();
        object.properties().forEach(entry -> {
            if (!entry.getKey().equals("$ref") && !entry.getKey().equals("allOf")) {
                rest.set(entry.getKey(), entry.getValue());
            }
        });
        return rest;
    }

    /** The schema of what both accept. */
    JsonNode both(JsonNode a, JsonNode b, SchemaPlace place) {
        if (a instanceof ObjectNode first && b instanceof ObjectNode second) {
            budget.steps(first.size() + second.size());
            if (!SchemaKeywords.constrains(first)) {
                return second;
            }
            return SchemaKeywords.constrains(second) ? SchemaMerge.merge(first, second, place) : first;
        }
        boolean firstSaysNothing = a.isBoolean() && a.booleanValue();
        boolean secondForbids = b.isBoolean() && !b.booleanValue();
        return firstSaysNothing || secondForbids ? b : a;
    }

    private static String reference(ObjectNode object, SchemaPlace place) {
        JsonNode reference = object.path("$ref");
        if (!reference.isString()) {
            throw place.invalid("'$ref' must be a string,");
        }
        return reference.stringValue();
    }

    private JsonNode target(String reference, SchemaPlace place) {
        String shown = SchemaKeywords.shortened(reference);
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            throw place.unsupported(
                    "the $ref '" + shown + "' is not a JSON pointer into the schema such as '#/$defs/x',");
        }
        JsonNode target;
        try {
            // a plus sign is itself in a URI's fragment
            String pointer = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            target = root.at(JsonPointer.compile(pointer));
        } catch (IllegalArgumentException e) {
            throw place.invalid("the $ref '" + shown + "' is not a JSON pointer,");
        }
        if (target.isMissingNode()) {
            throw place.invalid("the $ref '" + shown + "' leads nowhere,");
        }
        return target;
    }

    /**
     * Enters a schema through references.
     *
     * @return false where one of them is open too often already, so that the value may not go on here
     */
    boolean enter(Set<String> references, SchemaPlace place) {
        for (String reference : references) {
            List<Integer> levels = open.getOrDefault(reference, List.of());
            if (!levels.isEmpty() && levels.getLast() == place.level()) {
                throw place.unsupported("the $ref '" + SchemaKeywords.shortened(reference)
                        + "' leads back to itself without any object or array in between,");
            }
            if (levels.size() > MAX_RECURSION) {
                cut = reference;
                return false;
            }
        }
        references.forEach(reference ->
                open.computeIfAbsent(reference, key -> new ArrayList<>()).add(place.level()));
        return true;
    }

    void leave(Set<String> references) {
        references.forEach(
                reference -> open.getOrDefault(reference, new ArrayList<>()).removeLast());
    }

    /** A reference at which recursion was cut off; null where there was none. */
    @Nullable
    String cut() {
        return cut;
    }
}
