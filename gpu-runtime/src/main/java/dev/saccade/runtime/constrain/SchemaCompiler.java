package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes an automaton of a JSON schema: the JSON texts of the values that it accepts, in one layout. */
final class SchemaCompiler {

    private final Budget budget = new Budget("The JSON schema", "schema-too-large");
    private final Nfa nfa = new Nfa(budget);
    private final JsonPieces json = new JsonPieces(nfa, budget);
    private final StringPieces strings;
    private final ObjectPieces objects;
    private final ArrayPieces arrays;
    private final SchemaReferences references;

    private SchemaCompiler(JsonNode root, BitSet writable) {
        this.references = new SchemaReferences(root, budget);
        this.strings = new StringPieces(nfa, json, writable, budget);
        this.objects = new ObjectPieces(nfa, json, this, writable, budget);
        this.arrays = new ArrayPieces(nfa, json, this);
    }

    /**
     * Compiles a schema.
     *
     * @param writable bytes that the vocabulary can write
     * @throws InvalidRequestException with code {@code schema-invalid}, {@code schema-unsupported},
     *     {@code schema-too-large} or {@code schema-unsatisfiable}
     */
    static Automaton compile(String schema, BitSet writable) {
        JsonNode root = SchemaText.read(schema);
        SchemaCompiler compiler = new SchemaCompiler(root, writable);
        int start = compiler.nfa.state();
        int end = compiler.add(start, root, SchemaPlace.ROOT);
        Automaton automaton = Determinizer.determinize(compiler.nfa, start, end, writable, compiler.budget);
        if (automaton.states() == 0) {
            throw compiler.unsatisfiable();
        }
        return automaton;
    }

    private InvalidRequestException unsatisfiable() {
        String cut = references.cut();
        return new InvalidRequestException(
                "schema-unsatisfiable",
                cut == null
                        ? "No JSON value satisfies the JSON schema; check its bounds, and what it requires."
                        : "The JSON schema contains itself through the $ref '" + SchemaKeywords.shortened(cut)
                                + "' and has no value that ends within " + SchemaReferences.MAX_RECURSION
                                + " levels of it; let it be absent, null or an empty array.");
    }

    /** Adds the values of a schema and gives the state after them. */
    int add(int from, JsonNode schema, SchemaPlace place) {
        SchemaReferences.Flat flat = references.flatten(schema, place);
        if (!references.enter(flat.references(), place)) {
            return nfa.state(); // never reached
        }
        int end = addFlat(from, flat.schema(), place);
        references.leave(flat.references());
        return end;
    }

    private int addFlat(int from, JsonNode schema, SchemaPlace place) {
        if (schema.isBoolean() && !schema.booleanValue()) {
            return nfa.state();
        }
        if (!(schema instanceof ObjectNode object) || !SchemaKeywords.constrains(object)) {
            return json.any(from, JsonPieces.ANY_DEPTH);
        }
        for (String keyword : List.of("anyOf", "oneOf")) {
            if (object.has(keyword)) {
                return anyOf(from, object, keyword, place);
            }
        }
        Set<String> types = SchemaKeywords.types(object, place);
        if (object.has("enum") || object.has("const")) {
            return values(from, object, types, place);
        }
        int end = nfa.state();
        for (String type : types) {
            nfa.epsilon(typed(from, type, object, place), end);
        }
        return end;
    }

    private int anyOf(int from, ObjectNode schema, String keyword, SchemaPlace place) {
        JsonNode options = schema.path(keyword);
        if (!options.isArray() || options.isEmpty()) {
            throw place.invalid("'" + keyword + "' must be an array with at least one schema,");
        }
        ObjectNode beside = schema.objectNode();
        schema.properties().stream()
                .filter(entry -> !entry.getKey().equals(keyword) && !SchemaKeywords.isAnnotation(entry.getKey()))
                .forEach(entry -> beside.set(entry.getKey(), entry.getValue()));
        int end = nfa.state();
        int index = 0;
        for (JsonNode option : options) {
            SchemaPlace optionPlace = place.same(keyword, Integer.toString(index++));
            JsonNode merged = option;
            if (!beside.isEmpty()) {
                ObjectNode both = schema.objectNode();
                both.putArray("allOf").add(beside).add(option);
                merged = both;
            }
            nfa.epsilon(add(from, merged, optionPlace), end);
        }
        return end;
    }

    private int values(int from, ObjectNode schema, Set<String> types, SchemaPlace place) {
        List<String> beside = SchemaKeywords.besideValues(schema);
        if (!beside.isEmpty()) {
            throw place.unsupported("'" + beside.getFirst() + "' beside 'enum' or 'const' is not supported,");
        }
        if (schema.has("enum") && !schema.path("enum").isArray()) {
            throw place.invalid("'enum' must be an array,");
        }
        List<JsonNode> values = new ArrayList<>();
        if (schema.has("enum")) {
            schema.path("enum").forEach(values::add);
        } else {
            values.add(schema.path("const"));
        }
        @Nullable JsonNode only = schema.get("const");
        int end = nfa.state();
        for (JsonNode value : values) {
            if (SchemaKeywords.hasType(value, types) && (only == null || only.equals(value))) {
                nfa.epsilon(json.value(from, value, place), end);
            }
        }
        return end;
    }

    private int typed(int from, String type, ObjectNode schema, SchemaPlace place) {
        return switch (type) {
            case "null" -> json.nothing(from);
            case "boolean" -> json.bool(from);
            case "string" -> strings.add(from, schema, place);
            case "integer" -> {
                NumberBounds bounds = NumberBounds.of(schema, place);
                yield json.numbers().integer(from, bounds.lower(), bounds.upper());
            }
            case "number" -> {
                NumberBounds bounds = NumberBounds.of(schema, place);
                yield bounds.lower() == null && bounds.upper() == null
                        ? json.numbers().anyNumber(from)
                        : json.numbers().number(from, bounds.lower(), bounds.upper());
            }
            case "array" -> arrays.add(from, schema, place);
            case "object" -> objects.add(from, schema, place);
            default -> throw place.invalid("'type' has a value that is no type,");
        };
    }
}
