package dev.saccade.runtime.constrain;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Adds the objects of a schema, their properties in its order. */
final class ObjectPieces {

    private static final int NO_STATE = -1;

    private final Nfa nfa;
    private final JsonPieces json;
    private final SchemaCompiler schemas;
    private final BitSet writable;
    private final Budget budget;

    ObjectPieces(Nfa nfa, JsonPieces json, SchemaCompiler schemas, BitSet writable, Budget budget) {
        this.nfa = nfa;
        this.json = json;
        this.schemas = schemas;
        this.writable = writable;
        this.budget = budget;
    }

    int add(int from, ObjectNode schema, SchemaPlace place) {
        Members members = new Members(nfa.ascii(from, '{'));
        Set<String> required = required(schema, place);
        Map<String, JsonNode> listed = listed(schema, place);
        JsonNode additional = schema.has("additionalProperties")
                ? schema.path("additionalProperties")
                : JsonNodeFactory.instance.booleanNode(listed.isEmpty());
        listed.forEach((name, value) -> members.property(name, value, required.contains(name), place));
        List<String> unlisted =
                required.stream().filter(name -> !listed.containsKey(name)).toList();
        boolean closed = additional.isBoolean() && !additional.booleanValue();
        if (closed && schema.has("additionalProperties") && !unlisted.isEmpty()) {
            throw place.unsupported("the property '" + SchemaKeywords.shortened(unlisted.getFirst())
                    + "' is required, but 'properties' doesn't list it and 'additionalProperties' forbids it,");
        }
        JsonNode others = closed ? JsonNodeFactory.instance.booleanNode(true) : additional;
        unlisted.forEach(name -> members.property(name, others, true, place));
        if (!closed) {
            Set<String> names = new LinkedHashSet<>(listed.keySet());
            names.addAll(unlisted);
            members.additional(names, additional, place);
        }
        return members.close();
    }

    private static Map<String, JsonNode> listed(ObjectNode schema, SchemaPlace place) {
        JsonNode properties = schema.path("properties");
        if (!properties.isMissingNode() && !properties.isObject()) {
            throw place.invalid("'properties' must be an object,");
        }
        Map<String, JsonNode> listed = new LinkedHashMap<>();
        properties.properties().forEach(entry -> listed.put(entry.getKey(), entry.getValue()));
        return listed;
    }

    private static Set<String> required(ObjectNode schema, SchemaPlace place) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode name : schema.path("required")) {
            if (!name.isString()) {
                throw place.invalid("'required' must be an array of strings,");
            }
            names.add(name.stringValue());
        }
        return names;
    }

    /** An object so far, on two rails: nothing written yet, and after a member, when a comma comes before the next. */
    private final class Members {

        private int bare;
        private int after = NO_STATE;

        Members(int open) {
            this.bare = open;
        }

        /** Where the next member begins; the state may be led back to. */
        private int next() {
            int next = nfa.state();
            if (bare != NO_STATE) {
                nfa.epsilon(bare, next);
            }
            if (after != NO_STATE) {
                nfa.epsilon(json.comma(after), next);
            }
            return next;
        }

        void property(String name, JsonNode schema, boolean isRequired, SchemaPlace place) {
            int value = json.colon(json.string(next(), name, place));
            int written = schemas.add(value, schema, place.part("properties", name));
            if (isRequired) {
                bare = NO_STATE;
                after = written;
                return;
            }
            int both = nfa.state();
            nfa.epsilon(written, both);
            if (after != NO_STATE) {
                nfa.epsilon(after, both);
            }
            after = both;
        }

        /** Any number of members with other names. */
        void additional(Set<String> names, JsonNode schema, SchemaPlace place) {
            int next = next();
            int name = names.isEmpty()
                    ? json.anyString(next)
                    : nfa.automaton(next, JsonPieces.namesBut(names, writable, budget, place));
            int written = schemas.add(json.colon(name), schema, place.part("additionalProperties"));
            nfa.epsilon(json.comma(written), next);
            int both = nfa.state();
            nfa.epsilon(written, both);
            if (after != NO_STATE) {
                nfa.epsilon(after, both);
            }
            after = both;
        }

        int close() {
            int end = nfa.state();
            for (int state : new int[] {bare, after}) {
                if (state != NO_STATE) {
                    nfa.edge(state, '}', '}', end);
                }
            }
            return end;
        }
    }
}
