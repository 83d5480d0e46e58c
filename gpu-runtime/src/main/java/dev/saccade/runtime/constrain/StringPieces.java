package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.constrain.RegexNode.Characters;
import dev.saccade.runtime.constrain.RegexNode.Repeat;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Adds the strings of a schema: lengths in code points, pattern, format, or several of them at once. */
final class StringPieces {

    static final int MAX_LENGTH = 5_000;

    private final Nfa nfa;
    private final JsonPieces json;
    private final BitSet writable;
    private final Budget budget;

    StringPieces(Nfa nfa, JsonPieces json, BitSet writable, Budget budget) {
        this.nfa = nfa;
        this.json = json;
        this.writable = writable;
        this.budget = budget;
    }

    /** One requirement on the characters between the quotes. */
    private interface Requirement {
        int add(RegexPieces pieces, int from);
    }

    int add(int from, ObjectNode schema, SchemaPlace place) {
        List<Requirement> requirements = requirements(schema, place);
        int open = nfa.ascii(from, '"');
        if (requirements.size() == 1) {
            return nfa.ascii(requirements.getFirst().add(json.characters(), open), '"');
        }
        Automaton all = automaton(requirements.getFirst());
        for (Requirement requirement : requirements.subList(1, requirements.size())) {
            all = Product.both(all, automaton(requirement), budget);
        }
        return nfa.ascii(nfa.automaton(open, all), '"');
    }

    private Automaton automaton(Requirement requirement) {
        Nfa own = new Nfa(budget);
        int start = own.state();
        int end = requirement.add(new RegexPieces(own, Spelling.JSON_STRING, budget), start);
        return Determinizer.determinize(own, start, end, writable, budget);
    }

    private static List<Requirement> requirements(ObjectNode schema, SchemaPlace place) {
        List<Requirement> requirements = new ArrayList<>();
        String format = text(schema, "format", place);
        if (format != null) {
            Regex regex = StringFormats.of(format, place);
            requirements.add((pieces, from) -> pieces.whole(from, regex));
        }
        String pattern = text(schema, "pattern", place);
        if (pattern != null) {
            Regex regex = parse(pattern, place);
            requirements.add((pieces, from) -> pieces.search(from, regex));
        }
        if (requirements.isEmpty() || schema.has("minLength") || schema.has("maxLength")) {
            int minimum = SchemaKeywords.count(schema, "minLength", 0, MAX_LENGTH, place);
            int maximum = SchemaKeywords.count(schema, "maxLength", RegexNode.UNBOUNDED, MAX_LENGTH, place);
            RegexNode text = new Repeat(new Characters(CodePoints.ALL), minimum, maximum);
            boolean none = maximum != RegexNode.UNBOUNDED && maximum < minimum;
            requirements.add((pieces, from) -> pieces.add(from, none ? new Characters(CodePoints.NONE) : text));
        }
        return requirements;
    }

    private static @Nullable String text(ObjectNode schema, String keyword, SchemaPlace place) {
        JsonNode value = schema.get(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw place.invalid("'" + keyword + "' must be a string,");
        }
        return value.stringValue();
    }

    private static Regex parse(String pattern, SchemaPlace place) {
        try {
            return RegexParser.parse(pattern);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(
                    e.code(), "The JSON schema's 'pattern' at " + place + " can't be used. " + e.getMessage(), e);
        }
    }
}
