package dev.saccade.runtime.constrain;

import dev.saccade.runtime.constrain.RegexNode.Characters;
import dev.saccade.runtime.constrain.RegexNode.Repeat;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Adds pieces of JSON to an automaton: compact, with at most one space after a colon or comma. */
final class JsonPieces {

    /** Objects and arrays in a value of which the schema says nothing. */
    static final int ANY_DEPTH = 3;

    private static final RegexNode TEXT = new Repeat(new Characters(CodePoints.ALL), 0, RegexNode.UNBOUNDED);

    private final Nfa nfa;
    private final RegexPieces regex;
    private final NumberPieces numbers;

    JsonPieces(Nfa nfa, Budget budget) {
        this.nfa = nfa;
        this.regex = new RegexPieces(nfa, Spelling.JSON_STRING, budget);
        this.numbers = new NumberPieces(nfa, budget);
    }

    NumberPieces numbers() {
        return numbers;
    }

    /** Characters of a string, as they are spelled in JSON. */
    RegexPieces characters() {
        return regex;
    }

    int comma(int from) {
        return perhapsSpace(nfa.ascii(from, ','));
    }

    int colon(int from) {
        return perhapsSpace(nfa.ascii(from, ':'));
    }

    private int perhapsSpace(int from) {
        int after = nfa.state();
        nfa.epsilon(from, after);
        nfa.edge(from, ' ', ' ', after);
        return after;
    }

    /** This string with its quotes. */
    int string(int from, String text, SchemaPlace place) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw place.invalid("a string has half a surrogate pair");
        }
        return nfa.ascii(nfa.bytes(nfa.ascii(from, '"'), Spelling.JSON_STRING.bytes(text)), '"');
    }

    /** Any string with its quotes. */
    int anyString(int from) {
        return nfa.ascii(regex.add(nfa.ascii(from, '"'), TEXT), '"');
    }

    int bool(int from) {
        int end = nfa.bytes(from, ascii("true"));
        nfa.epsilon(nfa.bytes(from, ascii("false")), end);
        return end;
    }

    int nothing(int from) {
        return nfa.bytes(from, ascii("null"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Exactly this value. */
    int value(int from, JsonNode value, SchemaPlace place) {
        return switch (value.getNodeType()) {
            case STRING -> string(from, value.stringValue(), place);
            case ARRAY -> {
                int state = nfa.ascii(from, '[');
                for (int i = 0; i < value.size(); i++) {
                    state = value(i == 0 ? state : comma(state), value.get(i), place);
                }
                yield nfa.ascii(state, ']');
            }
            case OBJECT -> {
                int state = nfa.ascii(from, '{');
                boolean first = true;
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    state = colon(string(first ? state : comma(state), entry.getKey(), place));
                    state = value(state, entry.getValue(), place);
                    first = false;
                }
                yield nfa.ascii(state, '}');
            }
            case NUMBER, BOOLEAN, NULL -> nfa.bytes(from, ascii(value.toString()));
            case BINARY, MISSING, POJO -> throw place.invalid("a value is not JSON");
        };
    }

    /** Any value with at most so many objects and arrays around its innermost part. */
    int any(int from, int depth) {
        int end = nfa.state();
        nfa.epsilon(anyString(from), end);
        nfa.epsilon(numbers.anyNumber(from), end);
        nfa.epsilon(bool(from), end);
        nfa.epsilon(nothing(from), end);
        if (depth > 0) {
            nfa.epsilon(array(from, start -> any(start, depth - 1)), end);
            nfa.epsilon(anyObject(from, start -> any(start, depth - 1)), end);
        }
        return end;
    }

    /** Adds something that starts at a state, and gives the state after it. */
    interface Piece {
        int add(int from);
    }

    /** An array of any length. */
    int array(int from, Piece item) {
        int open = nfa.ascii(from, '[');
        return members(open, item, ']');
    }

    /** An object with any names. */
    int anyObject(int from, Piece value) {
        int open = nfa.ascii(from, '{');
        return members(open, start -> value.add(colon(anyString(start))), '}');
    }

    private int members(int open, Piece member, char close) {
        int loop = nfa.state();
        nfa.epsilon(open, loop);
        int after = member.add(loop);
        nfa.epsilon(comma(after), loop);
        int end = nfa.ascii(after, close);
        nfa.edge(open, close, close, end);
        return end;
    }

    /** Any string but these, with its quotes; itself deterministic. */
    static Automaton namesBut(Iterable<String> names, BitSet writable, Budget budget, SchemaPlace place) {
        Nfa all = new Nfa(budget);
        int allStart = all.state();
        int allEnd = new JsonPieces(all, budget).anyString(allStart);
        Nfa listed = new Nfa(budget);
        int listedStart = listed.state();
        int listedEnd = listed.state();
        JsonPieces pieces = new JsonPieces(listed, budget);
        for (String name : names) {
            listed.epsilon(pieces.string(listedStart, name, place), listedEnd);
        }
        return Product.without(
                Determinizer.determinize(all, allStart, allEnd, writable, budget),
                Determinizer.determinize(listed, listedStart, listedEnd, writable, budget),
                budget);
    }
}
