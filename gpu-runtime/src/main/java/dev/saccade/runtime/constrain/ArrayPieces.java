package dev.saccade.runtime.constrain;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Adds the arrays of a schema. */
final class ArrayPieces {

    static final int MAX_ITEMS = 1_000;

    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final Nfa nfa;
    private final JsonPieces json;
    private final SchemaCompiler schemas;

    ArrayPieces(Nfa nfa, JsonPieces json, SchemaCompiler schemas) {
        this.nfa = nfa;
        this.json = json;
        this.schemas = schemas;
    }

    int add(int from, ObjectNode schema, SchemaPlace place) {
        JsonNode first = schema.path("prefixItems");
        if (!first.isMissingNode() && !first.isArray()) {
            throw place.invalid("'prefixItems' must be an array,");
        }
        if (schema.path("items").isArray()) {
            throw place.unsupported("'items' as an array is not supported (write 'prefixItems'),");
        }
        int minimum = SchemaKeywords.count(schema, "minItems", 0, MAX_ITEMS, place);
        int maximum = SchemaKeywords.count(schema, "maxItems", UNBOUNDED, MAX_ITEMS, place);
        // like objects: once some items are listed, others must be asked for
        JsonNode rest =
                schema.has("items") ? schema.path("items") : JsonNodeFactory.instance.booleanNode(first.isEmpty());
        if (rest.isBoolean() && !rest.booleanValue()) {
            maximum = Math.min(maximum, first.size());
        }
        return add(nfa.ascii(from, '['), first, rest, minimum, maximum, place);
    }

    private int add(int open, JsonNode first, JsonNode rest, int minimum, int maximum, SchemaPlace place) {
        int end = nfa.state();
        boolean bounded = maximum != UNBOUNDED;
        int single = bounded ? maximum : Math.max(minimum - 1, first.size());
        int state = open;
        for (int i = 0; i < single; i++) {
            closeAfter(i, minimum, state, end);
            boolean listed = i < first.size();
            SchemaPlace itemPlace = listed ? place.part("prefixItems", Integer.toString(i)) : place.part("items");
            state = schemas.add(i == 0 ? state : json.comma(state), listed ? first.get(i) : rest, itemPlace);
        }
        closeAfter(single, minimum, state, end);
        if (!bounded) {
            int loop = nfa.state();
            nfa.epsilon(single == 0 ? state : json.comma(state), loop);
            int after = schemas.add(loop, rest, place.part("items"));
            nfa.epsilon(json.comma(after), loop);
            nfa.edge(after, ']', ']', end);
        }
        return end;
    }

    private void closeAfter(int items, int minimum, int state, int end) {
        if (items >= minimum) {
            nfa.edge(state, ']', ']', end);
        }
    }
}
